import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';

const MAIN = join(PACKAGE_ROOT, 'dist/lib/cli/main.js');

test('an uncaught error is one line and 69, never the 1 of a verdict', () => {
  const full = openSync('/dev/full', 'w');
  try {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'check', 'topologies/dual-leaf.yaml'], {
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    expect({ status, stderr }).toEqual({
      status: 69,
      stderr: expect.stringMatching(/^everyleaf: unexpected: ENOSPC[^\n]*\n$/),
    });
  } finally {
    closeSync(full);
  }
});

test('a capture whose name leads nowhere is a usage error', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everyleaf-main-'));
  try {
    const loop = join(folder, 'loop.pcap');
    symlinkSync(loop, loop);
    const { status, stderr } = spawnSync(
      process.execPath,
      [MAIN, 'judge', `leaf-a=${loop}`, `leaf-b=${loop}2`, '--hosts', 'auto'],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining(`everyleaf: ${loop} cannot be looked at: ELOOP`),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a reader of messages that went away changes no exit code', () => {
  const { status } = spawnSync(
    'bash',
    ['-c', '"$0" "$1" check nowhere.yaml 2> >(exec true); exit $?', process.execPath, MAIN],
    { encoding: 'utf8' },
  );
  expect(status).toBe(2);
});
