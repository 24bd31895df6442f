import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { CORPUS_HOST, ownCaptures } from '../fuzz/corpus.js';
import type { Judgement } from '../judge/types.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { UserError } from '../userError.js';
import { hostMac, parseHostFile } from './hostFile.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-cli-'));
    const [pair] = ownCaptures();
    if (pair === undefined) throw new Error('no corpus');
    writeFileSync(join(folder, 'A.pcap'), pair.files[0]);
    writeFileSync(join(folder, 'B.pcap'), pair.files[1]);
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function judge(folder: string, args: readonly string[], input?: Uint8Array): Ran {
  const run = spawnSync(process.execPath, [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'judge', ...args], {
    cwd: folder,
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

test('a pass exits 0, with a sentence and the matrix', ({ folder }) => {
  const { code, out } = judge(folder, ['leaf-a=A.pcap', 'leaf-b=B.pcap', '--host', CORPUS_HOST]);
  expect(out).toContain(
    'PASS: Each of 39 neighbor frames reached both leaf-a and leaf-b exactly once, and each of 16 other frames was sent once.',
  );
  expect(out).toMatch(/arp-reply-unicast +8\/8 +8\/8/);
  expect(code).toBe(0);
});

test('a failure exits 1; JSON has the words that scripts read', ({ folder }) => {
  writeFileSync(join(folder, 'profile.yaml'), 'name: ours\ntitle: t\nsource: s\nduties: {data-udp: replicated}\n');
  const { code, out } = judge(folder, [
    'leaf-a=A.pcap',
    'leaf-b=B.pcap',
    '--host',
    CORPUS_HOST.replaceAll(':', '-').toUpperCase(),
    '--profile',
    'profile.yaml',
    '--json',
  ]);
  expect(code).toBe(1);
  const judgement = JSON.parse(out) as Judgement & { readonly hosts: unknown };
  expect(judgement).toMatchObject({
    verdict: 'fail',
    profile: 'ours',
    leaves: ['leaf-a', 'leaf-b'],
    totals: { missing: 8, duplicate: 0, altered: 0, dataDuplicated: 0, reflected: 0 },
    byLeaf: { 'leaf-b': { missing: 8, duplicate: 0 } },
    kinds: { 'data-udp': { probes: 8, delivered: 0, missing: 8 } },
    hosts: [{ mac: CORPUS_HOST, name: CORPUS_HOST }],
  });
  expect(judgement.window.fromNs).toMatch(/^\d{19}$/);
  expect(judgement.clock['leaf-b']?.offsetNs).toMatch(/^-?\d+$/);
  expect(judgement.reasons[0]).toContain('leaf-b never saw 6 of 6 UDP frames');
});

test('a capture may come from standard input; one that is cut exits 3', ({ folder }) => {
  const bytes = readFileSync(join(folder, 'B.pcap'));
  expect(judge(folder, ['leaf-a=A.pcap', 'leaf-b=-', '--host', CORPUS_HOST], bytes).code).toBe(0);
  const cut = judge(folder, ['leaf-a=A.pcap', 'leaf-b=-', '--host', CORPUS_HOST], bytes.subarray(0, bytes.length - 7));
  expect(cut.code).toBe(3);
  expect(cut.out).toMatch(
    /INCONCLUSIVE: .*\n[\s\S]*Nothing can be said about leaf-b: standard input is damaged at byte \d+/,
  );
});

test('captures may come through pipes, which are read once', ({ folder }) => {
  const through = (...options: readonly string[]) => {
    const command = `exec "$0" "$1" judge leaf-a=<(cat A.pcap) leaf-b=<(cat B.pcap) --host ${CORPUS_HOST} ${options.join(' ')}`;
    return spawnSync('bash', ['-c', command, process.execPath, join(PACKAGE_ROOT, 'dist/lib/cli/main.js')], {
      cwd: folder,
      encoding: 'utf8',
    });
  };
  writeFileSync(join(folder, 'profile.yaml'), 'name: ours\ntitle: t\nsource: s\nduties: {data-udp: replicated}\n');
  expect(through().status).toBe(0);
  // There is something to show, and nothing left to show it from.
  expect(through('--profile', 'profile.yaml', '--report', 'out.html').status).toBe(1);
  const twice = through('--pcapng', 'x');
  expect(twice.stderr).toMatch(/--pcapng reads the captures twice, which \S+ cannot be/);
  expect(twice.status).toBe(2);
});

test('where nobody can be judged it is said when somebody should have spoken', ({ folder }) => {
  for (const name of ['A.pcap', 'B.pcap'])
    // The file header, and one record whole.
    writeFileSync(join(folder, name), firstRecord(readFileSync(join(folder, name))));
  const { code, out } = judge(folder, ['A.pcap', 'B.pcap', '--hosts', 'auto']);
  expect(out).toContain('hosts found: none: nobody sent ARP or ND in the time that all captures share');
  expect(code).toBe(3);
});

/** A pcap of the first record only: 24 bytes of file, 16 of record, as many as it says. */
function firstRecord(file: Buffer): Buffer {
  return file.subarray(0, 24 + 16 + file.readUInt32LE(24 + 8));
}

test('hosts are found, the page and the merged capture are written', ({ folder }) => {
  const { code, out } = judge(folder, [
    'A.pcap',
    'B.pcap',
    '--hosts',
    'auto',
    '--report',
    'out.html',
    '--pcapng',
    'out.pcapng',
  ]);
  expect(code).toBe(0);
  expect(out).toContain(`hosts found: ${CORPUS_HOST}`);
  const page = readFileSync(join(folder, 'out.html'), 'utf8');
  expect(page).toContain('Each of 39 neighbor frames reached both A and B exactly once');
  expect(page).toContain('everyleaf judge A.pcap B.pcap --hosts auto');
  expect(readFileSync(join(folder, 'out.pcapng')).readUInt32BE(0)).toBe(0x0a0d0d0a);
});

const REFUSED: readonly (readonly [string, readonly string[], string])[] = [
  ['one capture', ['A.pcap', '--host', CORPUS_HOST], 'one capture tells nothing about every leaf'],
  ['a file that is not there', ['A.pcap', 'none.pcap', '--host', CORPUS_HOST], 'none.pcap: there is no such file'],
  ['one capture with a leaf', ['leaf-a=A.pcap', '--host', CORPUS_HOST], 'one capture tells nothing about every leaf'],
  ['nobody to judge', ['A.pcap', 'B.pcap'], 'whose frames must reach every leaf?'],
  ['a MAC that is none', ['A.pcap', 'B.pcap', '--host', '02:00'], '"02:00" is not the MAC of a host'],
  ['a group as host', ['A.pcap', 'B.pcap', '--host', 'ff:ff:ff:ff:ff:ff'], 'it is the address of a group'],
  [
    'a gateway that is no MAC',
    ['A.pcap', 'B.pcap', '--hosts', 'auto', '--gateway', '1'],
    '"1" is not the MAC of a leaf or gateway',
  ],
  ['a host file that is not there', ['A.pcap', 'B.pcap', '--host-file', 'none.txt'], 'none.txt: there is no such file'],
  ['a host file that is a folder', ['A.pcap', 'B.pcap', '--host-file', '.'], '.: it is a folder'],
  ['another word than auto', ['A.pcap', 'B.pcap', '--hosts', 'all'], '--hosts takes "auto"'],
  [
    'a host that is a gateway, too',
    ['A.pcap', 'B.pcap', '--host', '02:00:00:00:01:0a', '--gateway', '02-00-00-00-01-0A'],
    '02:00:00:00:01:0a is named as a host and as a gateway',
  ],
  ['an unknown clock', ['A.pcap', 'B.pcap', '--hosts', 'auto', '--clock', 'ntp'], 'unknown clock "ntp"'],
  ['an unknown profile', ['A.pcap', 'B.pcap', '--hosts', 'auto', '--profile', 'ovs-grop'], 'did you mean "ovs-group"?'],
  [
    'standard input read twice',
    ['A.pcap', '-', '--hosts', 'auto', '--pcapng', 'x'],
    '--pcapng reads the captures twice',
  ],
  [
    'a page where nothing can be written',
    ['A.pcap', 'B.pcap', '--hosts', 'auto', '--report', 'no/such/folder.html'],
    'no/such/folder.html cannot be written',
  ],
];

for (const [what, args, message] of REFUSED) {
  test(`${what} exits 2 and says what to do`, ({ folder }) => {
    const { code, err } = judge(folder, args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
}

test('a host file names hosts, and its mistakes have a place', () => {
  expect(parseHostFile('# rack 7\n02:00:00:00:01:0a vm1\n\n  02-00-00-00-01-0B  # spare\n', 'hosts.txt')).toEqual(
    new Map([
      ['02:00:00:00:01:0a', 'vm1'],
      ['02:00:00:00:01:0b', '02:00:00:00:01:0b'],
    ]),
  );
  expect(() => parseHostFile('02:00:00:00:01:0a\n  vm1 02:00\n', 'hosts.txt')).toThrow(
    'hosts.txt:2:3: "vm1" is not the MAC of a host',
  );
  expect(() => parseHostFile('# nothing\n', 'hosts.txt')).toThrow('no host is named in it');
  expect(() => hostMac('02-00:00:00:01:0a')).toThrow(UserError);
});

test('an output that cannot be written is refused before anything is judged', ({ folder }) => {
  for (const output of ['nowhere/out.html', '.']) {
    const { code, out, err } = judge(folder, [
      'A.pcap',
      'nothing-is-read.pcap',
      '--host',
      CORPUS_HOST,
      '--report',
      output,
    ]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(
      output === '.' ? 'everyleaf: . is a folder' : 'everyleaf: nowhere/out.html cannot be written: ENOENT',
    );
  }
});

test('an option that does not apply to what is judged is refused', ({ folder }) => {
  mkdirSync(join(folder, 'run/evidence'), { recursive: true });
  writeFileSync(join(folder, 'run/evidence/plan.json'), '{}');
  for (const [option, value] of [
    ['--host', CORPUS_HOST],
    ['--gateway', CORPUS_HOST],
    ['--clock', 'shared'],
    ['--report', 'x.html'],
    ['--pcapng', 'x.pcapng'],
    ['--profile', 'ovs-group'],
  ] as const) {
    const { code, err } = judge(folder, ['run', option, value]);
    expect(code, option).toBe(2);
    expect(err).toContain(`everyleaf: ${option} does not apply to `);
  }
});
