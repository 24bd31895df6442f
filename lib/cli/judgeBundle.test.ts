import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test as base } from '@playwright/test';
import { bundle } from '../bootstrap/bundle.mjs';
import { corpus, CORPUS_HOST } from '../fuzz/corpus.js';
import { PACKAGE_ROOT } from '../packageRoot.js';

/** In the build, as what it loads is found from there, and not in the package; `npm run build` removes what a test left. */
const FOLDER = 'dist/bundleOfTest';

const test = base.extend<{ folder: string }, { built: string }>({
  built: [
    async ({}, use) => {
      await bundle(PACKAGE_ROOT, FOLDER);
      await use(join(PACKAGE_ROOT, FOLDER));
      rmSync(join(PACKAGE_ROOT, FOLDER), { recursive: true });
    },
    { scope: 'worker' },
  ],
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-bundle-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});
test.describe.configure({ mode: 'serial' });

function run(file: string, cwd: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** A pcap without the frames [from, to). */
function withoutFrames(pcap: Buffer, from: number, to: number): Buffer {
  const records: Buffer[] = [];
  for (let at = 24; at < pcap.length;) {
    const end = at + 16 + pcap.readUInt32LE(at + 8);
    records.push(pcap.subarray(at, end));
    at = end;
  }
  return Buffer.concat([pcap.subarray(0, 24), ...records.filter((_, i) => i < from || i >= to)]);
}

test('the bundle says what the many files say', ({ built, folder }) => {
  const [pair] = corpus();
  if (pair === undefined) throw new Error('no corpus');
  const [a, b] = pair.files.map((file) => Buffer.from(file));
  if (a === undefined || b === undefined) throw new Error('no pair');
  writeFileSync(join(folder, 'A.pcap'), a);
  writeFileSync(join(folder, 'B.pcap'), b);
  writeFileSync(join(folder, 'B.pcap.gz'), gzipSync(b));
  writeFileSync(join(folder, 'cut.pcap'), b.subarray(0, b.length - 7));
  writeFileSync(join(folder, 'less.pcap'), withoutFrames(b, 10, 14));
  writeFileSync(join(folder, 'own.yaml'), 'name: ours\ntitle: t\nsource: s\nduties: {data-udp: replicated}\n');
  const host = ['--host', CORPUS_HOST];
  for (const [code, args] of [
    [0, ['A.pcap', 'B.pcap', ...host]],
    [0, ['A.pcap', 'B.pcap.gz', '--hosts', 'auto', '--json']],
    [3, ['A.pcap', 'cut.pcap', ...host]],
    // With deliveries that are explained.
    [1, ['A.pcap', 'B.pcap', ...host, '--profile', 'own.yaml', '--json']],
    [1, ['A.pcap', 'less.pcap', ...host]],
    [1, ['A.pcap', 'less.pcap', ...host, '--profile', 'ovs-group', '--json']],
    [2, ['A.pcap', 'A.pcap', ...host]],
    [2, ['A.pcap', 'B.pcap', ...host, '--profile', 'none']],
    [2, ['A.pcap', 'none.pcap', ...host]],
    [2, ['A.pcap', 'B.pcap']],
    [2, ['A.pcap', 'B.pcap', '--wrong']],
    [0, ['--help']],
  ] as const) {
    const many = run(join(PACKAGE_ROOT, 'dist/lib/cli/start.js'), folder, ['judge', ...args]);
    expect(run(join(built, 'judge.js'), folder, ['judge', ...args]), args.join(' ')).toEqual(many);
    expect(many.status, `${args.join(' ')}: ${many.stdout}${many.stderr}`).toBe(code);
  }
});

test('threads run their own bundle', ({ built }) => {
  expect(readFileSync(join(built, 'judge.js'), 'utf8')).toContain('./captureWorker.js');
  expect(readFileSync(join(built, 'captureWorker.js'), 'utf8')).not.toContain('commander');
  expect(readFileSync(join(built, 'licenses.txt'), 'utf8')).toMatch(/node_modules\/commander\n[\s\S]*Permission is/);
});

test('a bundle that is older than what was compiled is not used', ({ folder }) => {
  for (const path of ['dist/lib/cli', 'dist/lib/bundle']) mkdirSync(join(folder, path), { recursive: true });
  const main = join(folder, 'dist/lib/cli/main.js');
  copyFileSync(join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), main);
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'dist/lib/cli/start.js'), `console.log('many')`);
  const said = (...args: readonly string[]) => run(main, folder, args).stdout.trim();
  expect(said('judge')).toBe('many');
  const bundled = join(folder, 'dist/lib/bundle/judge.js');
  writeFileSync(bundled, `console.log('one')`);
  expect(said('judge')).toBe('one');
  expect(said('run')).toBe('many');
  const compiled = join(folder, 'dist/tsconfig.tsbuildinfo');
  writeFileSync(compiled, '');
  utimesSync(bundled, 1_000, 1_000);
  expect(said('judge')).toBe('many');
  utimesSync(compiled, 1_000, 1_000);
  expect(said('judge')).toBe('one');
});
