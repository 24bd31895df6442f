import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { buildFrame } from '../wire/build.js';
import { foreignFormat, foreignStart } from './foreign.js';
import { collect } from './testing/collect.js';
import { pcapHeader, pcapRecord } from './write.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-foreign-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

const CAPTURE = Buffer.concat([
  pcapHeader(1),
  ...Array.from({ length: 20 }, (_, i) =>
    pcapRecord({
      seconds: 1_760_000_000 + i,
      nanos: 123_456_000 + i * 1_000,
      frame: buildFrame('arp-request-broadcast', {
        sourceMac: '02:00:00:00:01:0a',
        sourceIpv4: '192.0.2.10',
        sourceIpv6: '2001:db8::a',
        gatewayMac: '02:00:00:0f:00:01',
        gatewayIpv4: '192.0.2.1',
        gatewayIpv6: '2001:db8::1',
        variation: i,
        salt: 1,
        id: i,
      }),
    }),
  ),
]);

const frames = (bytes: Uint8Array): readonly string[] => collect(bytes).frames.map(({ hex }) => hex);

/** How each format is made of a capture `in.pcap`, as `in`; what must be said of it. */
const MADE: readonly (readonly [string, RegExp])[] = [
  ['bzip2 -c in.pcap > in', /bzip2/],
  ['xz -c in.pcap > in', /xz/],
  ['tar -cf in in.pcap', /tar archive/],
  ...['snoop', 'netmon1', 'netmon2', 'modpcap', 'ngsniffer', 'ngwsniffer_2_0', 'lanalyzer', '5views'].map(
    (format) => [`editcap -F ${format} in.pcap in`, /a .*(capture|file)/] as const,
  ),
  ['xxd in.pcap > in', /hex dump of a capture file/],
  ['hexdump -Cv in.pcap > in', /hex dump of a capture file/],
  ['od -Ax -tx1 -v in.pcap > in', /hex dump of a capture file/],
  ['tcpdump -nn -xx -r in.pcap > in', /hex dump of tcpdump's/],
  ['tcpdump -nn -XX -r in.pcap > in', /hex dump of tcpdump's/],
];

for (const [made, name] of MADE)
  test(`the command that is named gives the frames back: ${made}`, ({ folder }) => {
    const program = made.split(' ')[0] ?? '';
    test.skip(spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0, `${program} is not installed`);
    const shell = (line: string): Buffer =>
      execFileSync('bash', ['-c', line], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    writeFileSync(join(folder, 'in.pcap'), CAPTURE);
    shell(made);
    const bytes = readFileSync(join(folder, 'in'));
    const found = foreignFormat(bytes.subarray(0, 0x400));
    expect(found?.name).toMatch(name);
    const line = found?.command?.('in', 'out.pcap') ?? '';
    shell(line);
    expect(frames(readFileSync(join(folder, 'out.pcap')))).toEqual(frames(CAPTURE));
    if (!/sed|xxd|tar/.test(line)) expect(foreignStart(bytes)?.name).toBe(found?.name);
  });

test('what cannot be converted says so', () => {
  const of = (text: string) => foreignFormat(new TextEncoder().encode(text));
  const printed = of('14:13:21.002687 ARP, Request who-has 192.0.2.100 tell 192.0.2.10, length 38\n');
  expect(printed?.name).toContain('cannot be regained');
  expect(printed?.command).toBeNull();
  expect(of('{"layers": {"frame": []}, "and": "so on"}')).toMatchObject({ name: 'text', command: null });
  expect(of('0000  ff ff ff ff ff ff 02 00 00 00 01 0a 08 06 00 01   ................\n')).toMatchObject({
    command: null,
  });
  expect(of('00000000  d4 c3 b2 a1 02 00 04 00  00 00 00 00 00 00 00 00  |....|\n*\n00001000\n')?.command).toBeNull();
  expect(of('short')).toBeNull();
});

test('captures and noise are not foreign', () => {
  expect(foreignFormat(CAPTURE)).toBeNull();
  expect(foreignFormat(new Uint8Array(0))).toBeNull();
  expect(foreignFormat(Uint8Array.from({ length: 200 }, (_, i) => i))).toBeNull();
  expect(foreignStart(Uint8Array.of(1, 2, 3, 4))).toBeNull();
});
