import { Readable } from 'node:stream';
import { expect, test } from '@playwright/test';
import { parse, type PcapParserPacket } from 'pcap-parser';
import { catalogueFrames } from '../wire/testing/catalogue.js';
import { classicCapture, FLAVOURS, richNgCapture, type TestFrame } from './testing/captures.js';
import { collect } from './testing/collect.js';
import { readWith } from './testing/tool.js';
import { pcapHeader, pcapngHeader, pcapngRecord, pcapngStatistics, pcapRecord } from './write.js';

const FRAMES: readonly TestFrame[] = catalogueFrames([3]).map(({ frame }, i) => ({
  seconds: 1_700_000_000 + i,
  nanos: 999_000_000 - i * 1_001_000,
  frame,
}));

function ours(bytes: Uint8Array): readonly string[] {
  return collect(bytes).frames.map(({ seconds, nanos, hex }) => `${seconds}.${String(nanos).padStart(9, '0')} ${hex}`);
}

/** tcpdump's own reading of the same bytes: time and frame. */
function tcpdump(bytes: Uint8Array): readonly string[] {
  const out: string[] = [];
  for (const line of readWith('tcpdump', ['-tt', '-nn', '-xx', '-q', '--nano'], bytes)) {
    const dump = /^\t0x[0-9a-f]+:\s+(.*)$/.exec(line);
    if (dump === null) {
      const time = /^(\d+\.\d{9}) /.exec(line);
      // Some frames are described over several lines; only a time starts a new one.
      if (time !== null) out.push(`${time[1] ?? ''} `);
    } else out.push((out.pop() ?? '') + (dump[1] ?? '').replaceAll(' ', ''));
  }
  return out;
}

/** The first place where two readings differ, or null: a whole capture in an error message helps nobody. */
function mismatch(a: readonly string[], b: readonly string[]): readonly (string | undefined)[] | null {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return [String(i), a[i], b[i]];
  return null;
}

function tshark(bytes: Uint8Array): readonly string[] {
  const lines = readWith(
    'tshark',
    ['-T', 'fields', '-e', 'frame.time_epoch', '-e', 'frame.len', '-e', 'frame.interface_id'],
    bytes,
  );
  // It shows blocks that it does not know as records without a time.
  return lines.filter((line) => !line.startsWith('\t'));
}

for (const flavour of FLAVOURS) {
  test(`tcpdump reads the same from pcap ${JSON.stringify(flavour)}`, () => {
    const bytes = classicCapture(FRAMES, flavour);
    const read = ours(bytes);
    expect(read.length).toBe(FRAMES.length);
    expect(mismatch(read, tcpdump(bytes))).toBeNull();
  });
}

for (const bigEndian of [false, true]) {
  test(`tshark reads the same from pcapng, big endian ${String(bigEndian)}`, () => {
    const bytes = Uint8Array.from(richNgCapture(FRAMES, bigEndian));
    const read = collect(bytes).frames.map(
      ({ seconds, nanos, original, iface }) => `${seconds}.${String(nanos).padStart(9, '0')}\t${original}\t${iface}`,
    );
    expect(read.length).toBe(FRAMES.length);
    expect(mismatch(read, tshark(bytes))).toBeNull();
  });
}

for (const bigEndian of [false, true]) {
  test(`pcap-parser reads the same from micro pcap, big endian ${String(bigEndian)}`, async () => {
    const bytes = classicCapture(FRAMES, { bigEndian, nanoseconds: false });
    const packets = await new Promise<readonly string[]>((resolve, reject) => {
      const out: string[] = [];
      parse(Readable.from([Buffer.from(bytes)]))
        .on('packet', ({ header, data }: PcapParserPacket) => {
          out.push(
            `${header.timestampSeconds}.${String(header.timestampMicroseconds).padStart(6, '0')}000 ${data.toString('hex')}`,
          );
        })
        .on('end', () => resolve(out))
        .on('error', reject);
    });
    expect(packets.length).toBe(FRAMES.length);
    expect(mismatch(ours(bytes), packets)).toBeNull();
  });
}

test('what is written as pcap reads back, here and by tcpdump', () => {
  const bytes = Buffer.concat([pcapHeader(1), ...FRAMES.map(pcapRecord)]);
  const expected = FRAMES.map(
    ({ seconds, nanos, frame }) => `${seconds}.${String(nanos).padStart(9, '0')} ${Buffer.from(frame).toString('hex')}`,
  );
  expect(mismatch(ours(bytes), expected)).toBeNull();
  expect(mismatch(tcpdump(bytes), expected)).toBeNull();
});

test('what is written as pcapng shows its interfaces and comments in tshark', () => {
  const interfaces = ['leaf-a', 'leaf-b'].map((name) => ({ name, linkType: 1, snapLength: 262144 }));
  const bytes = Buffer.concat([
    pcapngHeader(interfaces),
    ...FRAMES.map((frame, i) =>
      pcapngRecord({
        ...frame,
        iface: i % 2,
        comment: i % 3 === 0 ? '' : `delivered 2/2, skew ${i} µs`,
        original: frame.frame.length + 4,
      }),
    ),
    pcapngStatistics(1, { seconds: 1_700_000_100, nanos: 5 }, { received: 70, dropped: 2 ** 33 }),
  ]);
  const lines = readWith(
    'tshark',
    ['-T', 'fields', '-e', 'frame.time_epoch', '-e', 'frame.interface_name', '-e', 'frame.comment', '-e', 'frame.len'],
    bytes,
  );
  expect(lines).toEqual(
    FRAMES.map(({ seconds, nanos, frame }, i) =>
      [
        `${seconds}.${String(nanos).padStart(9, '0')}`,
        ['leaf-a', 'leaf-b'][i % 2],
        i % 3 === 0 ? '' : `delivered 2/2, skew ${i} µs`,
        frame.length + 4,
      ].join('\t'),
    ),
  );
  const { summary } = collect(bytes);
  expect(summary).toMatchObject({ damage: null, drops: 2 ** 33, frames: FRAMES.length, interfaces });
});
