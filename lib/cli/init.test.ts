import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './testing/foreignFolder.js';
import { WHOLE_RUNS_MS } from '../testing/limits.js';

test.describe.configure({ timeout: WHOLE_RUNS_MS });

const FILES = ['everyleaf.config.ts', 'scenarios/neighbors.spec.ts', 'topologies/dual-leaf.yaml'];

test('init writes what can be run, names it, and says what to type next', async ({ folder }) => {
  expect(await folder.everyleaf('init')).toEqual({
    code: 0,
    stdout: `wrote ${FILES.join(', ')}\nnext: npx everyleaf run\n`,
    stderr: '',
  });
  const topology = join(folder.path, 'topologies/dual-leaf.yaml');
  const [, schema = ''] = /\$schema=(\S+)/.exec(readFileSync(topology, 'utf8')) ?? [];
  expect(existsSync(join(dirname(topology), schema))).toBe(true);
  // The folder now has a config and one scenario: a text that is in no title is answered with all titles.
  const { code, stderr } = await folder.everyleaf('run', '--scenario', 'the moon is full');
  expect(code, stderr).toBe(4);
  expect(stderr.trim().split('\n')).toEqual([
    'everyleaf: no scenario matches the moon is full',
    'everyleaf: known:',
    '  every neighbor frame of the host and its VMs reaches every leaf',
  ]);
  expect(existsSync(join(folder.path, 'reports'))).toBe(false);
});

test('init overwrites nothing', async ({ folder }) => {
  for (const name of ['everyleaf.config.mjs', 'scenarios/neighbors.spec.ts']) {
    folder.write({ [name]: 'mine' });
    const { code, stderr } = await folder.everyleaf('init');
    expect(code).toBe(2);
    expect(stderr).toContain(`${name} is there already; nothing was written`);
    expect(existsSync(join(folder.path, 'topologies'))).toBe(false);
    expect(readFileSync(join(folder.path, name), 'utf8')).toBe('mine');
    rmSync(join(folder.path, name));
  }
});
