import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { WHOLE_RUNS_MS } from '../testing/limits.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });
// What is said of two nights is looked at without labs in nightly.test.ts, and what `run` does in run.lab.test.ts.
test.skip(process.env['EVERYLEAF_LONG'] !== '1', 'whole runs: EVERYLEAF_LONG=1');

test('two nights in labs: the second, whose replicator does nothing, says what is new', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-nights-'));
  const night = (out: string, ...args: readonly string[]) =>
    spawnSync(
      process.execPath,
      [
        join(PACKAGE_ROOT, 'dist/lib/cli/main.js'),
        ...['nightly', '--history', join(folder, 'history'), '--out', join(folder, out), '--workers', '1', '--json'],
        ...['--mode', 'balance-tcp', '--scenario', 'every ARP form', '--controls', 'tampers', ...args],
      ],
      { encoding: 'utf8' },
    );
  try {
    const first = night('first');
    expect(first.status, first.stderr).toBe(0);
    const second = night('second', '--replicator', 'none', '--controls', 'none');
    expect(second.status, second.stderr).toBe(1);
    const { items } = JSON.parse(second.stdout) as { readonly items: readonly Record<'word' | 'sentence', string>[] };
    const [found] = items.filter(({ word }) => word === 'new failure');
    expect(found?.sentence).toMatch(/It last passed in run .*; changed since: .*replicator: ovs-group -> none/);
    expect(readFileSync(join(folder, 'history/netns.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(2);
    for (const file of ['index.html', 'junit.xml', 'history.html'])
      expect(existsSync(join(folder, 'second', file)), file).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
