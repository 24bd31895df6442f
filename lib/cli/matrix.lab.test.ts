import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { isControlOf, columnName } from '../matrix/report.js';
import type { MatrixReport } from '../matrix/types.js';
import { WHOLE_RUNS_MS } from '../testing/limits.js';

test.describe.configure({ mode: 'parallel', timeout: WHOLE_RUNS_MS });

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-matrix-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function matrix(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(
    process.execPath,
    [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'run', '--matrix', '--out', join(folder, 'm'), ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const code = await new Promise<number | null>((ended) => child.on('close', ended));
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

test('a small matrix: a host without a replicator fails on both planes, with the frame, and what has no controls stays open', async () => {
  const run = await matrix(
    ...[
      '--json',
      '--data-plane',
      'ovs-bond',
      '--data-plane',
      'linux-bridge',
      '--mode',
      'balance-tcp',
      '--mode',
      'per-mac',
    ],
    ...['--replicator', 'ovs-group', '--scenario', 'every ARP form of the host'],
    ...['--controls', 'none'],
  );
  const report = JSON.parse(run.stdout) as MatrixReport;
  // Nothing passes without controls, here as in any run.
  expect(run.code, run.stderr).toBe(3);
  expect(report.cells.map((cell) => [cell.replicator, columnName(cell), cell.state])).toEqual([
    ['ovs-group', 'ovs-bond/balance-tcp', 'inconclusive'],
    ['ovs-group', 'linux-bridge/per-mac', 'does-not-fit'],
    ['none', 'ovs-bond/balance-tcp', 'fails'],
    ['none', 'linux-bridge/per-mac', 'fails'],
  ]);
  expect(report.distrusted).toEqual([]);
  for (const cell of report.cells.filter((one) => isControlOf(report.rows, one))) {
    expect(cell.misses).toBe(true);
    expect(cell.first).toMatchObject({ wrong: 'missing', kind: 'ARP request, broadcast', sender: 'host' });
    expect(existsSync(join(folder, 'm', cell.report ?? ''))).toBe(true);
    for (const file of [cell.first?.copies[0]?.file, cell.first?.captures[0]])
      expect(existsSync(join(folder, 'm', cell.folder ?? '', file ?? 'none')), file ?? '').toBe(true);
  }
  expect(JSON.parse(readFileSync(join(folder, 'm/matrix.json'), 'utf8'))).toMatchObject({ verdict: 'inconclusive' });
  expect(readFileSync(join(folder, 'm/matrix.html'), 'utf8')).toContain('First failing frame');
});

const REFUSED: readonly (readonly [args: readonly string[], text: string])[] = [
  [['--data-plane', 'ovs-bnd'], 'unknown data plane "ovs-bnd"; did you mean'],
  [['--replicator', 'ovs-gruop'], 'unknown replicator "ovs-gruop"; did you mean'],
  [['--mode', 'balance-tpc', '--data-plane', 'ovs-bond'], 'unknown mode of these data planes "balance-tpc"'],
  [['--shard', '1/2'], '--matrix does not go with --shard'],
  [['--data-plane', 'installed'], 'installed is what is there on the machines of a binding'],
];
for (const [args, text] of REFUSED)
  test(`a matrix with ${args.join(' ')} is refused, and leaves nothing`, async () => {
    const run = await matrix(...args);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(text);
    expect(existsSync(join(folder, 'm'))).toBe(false);
  });

test('every pair of two planes, with its controls', async () => {
  test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');
  const run = await matrix('--json', '--data-plane', 'linux-bridge', '--data-plane', 'qos');
  const report = JSON.parse(run.stdout) as MatrixReport;
  const tried = report.cells.filter(({ state }) => state !== 'does-not-fit');
  expect(tried.map((cell) => [cell.replicator, columnName(cell), cell.state])).toEqual([
    ['ovs-group', 'qos/htb', 'fails'],
    ['nft-dup', 'linux-bridge/active-backup', 'holds'],
    ['nft-dup', 'linux-bridge/per-mac', 'holds'],
    ['ebpf', 'linux-bridge/active-backup', 'holds'],
    ['ebpf', 'linux-bridge/per-mac', 'holds'],
    // Where the kernel has act_skbedit, it holds.
    ['tc-cbpf', 'linux-bridge/active-backup', expect.stringMatching(/^(?:not-here|holds)$/)],
    ['tc-cbpf', 'linux-bridge/per-mac', expect.stringMatching(/^(?:not-here|holds)$/)],
    // The same, and cls_flower.
    ['tc-flower', 'linux-bridge/active-backup', expect.stringMatching(/^(?:not-here|holds)$/)],
    ['tc-flower', 'linux-bridge/per-mac', expect.stringMatching(/^(?:not-here|holds)$/)],
    ['ovs-group-class', 'qos/htb', 'holds'],
    ['none', 'linux-bridge/active-backup', 'fails'],
    ['none', 'linux-bridge/per-mac', 'fails'],
    ['none', 'qos/htb', 'fails'],
  ]);
  expect(run.code).toBe(1);
});
