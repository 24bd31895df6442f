import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test as base } from '@playwright/test';
import { bundle } from '../bootstrap/bundle.mjs';
import { CORPUS_HOST, ownCaptures } from '../fuzz/corpus.js';
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

function run(file: string, cwd: string, args: readonly string[], env = process.env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { cwd, encoding: 'utf8', env });
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
  const [pair] = ownCaptures();
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
    [0, ['A.pcap', 'B.pcap.gz', '--hosts', 'auto', '--json']],
    [3, ['A.pcap', 'cut.pcap', ...host]],
    // With deliveries that are explained.
    [1, ['A.pcap', 'B.pcap', ...host, '--profile', 'own.yaml', '--json']],
    [1, ['A.pcap', 'less.pcap', ...host]],
    [2, ['A.pcap', 'none.pcap', ...host]],
    [2, ['A.pcap', 'B.pcap', '--wrong']],
    [0, ['--help']],
  ] as const) {
    const many = run(join(PACKAGE_ROOT, 'dist/lib/cli/start.js'), folder, ['judge', ...args]);
    expect(run(join(built, 'judge.js'), folder, ['judge', ...args]), args.join(' ')).toEqual(many);
    expect(many.status, `${args.join(' ')}: ${many.stdout}${many.stderr}`).toBe(code);
  }
});

test('the bundled command says what the many files say', ({ built, folder }) => {
  const topology = join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml');
  const env = { ...process.env, XDG_RUNTIME_DIR: folder };
  for (const [code, args] of [
    [0, ['run', '--help']],
    [0, ['check', topology]],
    [2, ['run', '--replicator', 'ovs-grup']],
    [2, ['up', '--wrong']],
    [0, ['down']],
  ] as const) {
    const many = run(join(PACKAGE_ROOT, 'dist/lib/cli/start.js'), folder, args, env);
    expect(run(join(built, 'everyleaf.js'), folder, args, env), args.join(' ')).toEqual(many);
    expect(many.status, `${args.join(' ')}: ${many.stdout}${many.stderr}`).toBe(code);
  }
});

test('threads run their own bundle', ({ built }) => {
  expect(readFileSync(join(built, 'judge.js'), 'utf8')).toContain('./captureWorker.js');
  expect(readFileSync(join(built, 'captureWorker.js'), 'utf8')).not.toContain('commander');
  expect(readFileSync(join(built, 'licenses.txt'), 'utf8')).toMatch(/node_modules\/commander\n[\s\S]*Permission is/);
});

test('a bundle that is older than what was compiled is not used, nor one where there is a config', ({ folder }) => {
  for (const path of ['dist/lib/cli', 'dist/lib/bundle', 'topologies'])
    mkdirSync(join(folder, path), { recursive: true });
  for (const file of ['cli/main.js', 'freshBundle.js', 'packageRoot.js'])
    copyFileSync(join(PACKAGE_ROOT, 'dist/lib', file), join(folder, 'dist/lib', file));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'dist/lib/cli/start.js'), `console.log('many')`);
  const said = (...args: readonly string[]) => run(join(folder, 'dist/lib/cli/main.js'), folder, args).stdout.trim();
  const compiled = join(folder, 'dist/tsconfig.tsbuildinfo');
  const config = join(folder, 'everyleaf.config.mts');
  for (const [bundle, command] of [
    ['judge', 'judge'],
    ['everyleaf', 'up'],
  ] as const) {
    expect(said(command)).toBe('many');
    const bundled = join(folder, `dist/lib/bundle/${bundle}.js`);
    writeFileSync(bundled, `console.log('one')`);
    expect(said(command)).toBe('one');
    writeFileSync(compiled, '');
    utimesSync(bundled, 1_000, 1_000);
    expect(said(command)).toBe('many');
    utimesSync(compiled, 1_000, 1_000);
    expect(said(command)).toBe('one');
    rmSync(compiled);
  }
  expect(said('up', '--config=x.ts')).toBe('many');
  expect(said('up', '--config', 'x.ts')).toBe('many');
  writeFileSync(config, '');
  expect(said('up')).toBe('many');
  // It knows no config.
  expect(said('judge')).toBe('one');
});
