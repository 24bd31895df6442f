import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { standingFolder } from './folder.js';

test('a folder that is reached by a link is told as the kernel tells it, or its lock is never found', () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'everyleaf-link-'));
  try {
    mkdirSync(join(folder, 'run/user'), { recursive: true });
    symlinkSync('run', join(folder, 'var-run'));
    expect(standingFolder(join(folder, 'var-run/user')).path).toBe(join(folder, 'run/user/everyleaf'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
