import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { inWorkFolder, removeLeftWork } from './workFolder.js';

test('what a killed process left is removed by the next; what lives, is a link, or is another namespace’s stays', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'everyleaf-left-'));
  const other = spawn('sleep', ['1000']);
  try {
    await once(other, 'spawn');
    const mine = await inWorkFolder('verify', async (folder) => Promise.resolve(folder), parent);
    expect(existsSync(mine)).toBe(false);
    const ofOther = basename(mine).replace(`-${process.pid}-`, `-${other.pid}-`);
    const [, namespace = ''] = /-([0-9]+)-[0-9]+-[^-]+$/.exec(ofOther) ?? [];
    const foreign = ofOther.replace(`-${namespace}-`, `-${Number(namespace) + 1}-`);
    for (const name of [ofOther, foreign]) {
      mkdirSync(join(parent, name, 'below'), { recursive: true });
      writeFileSync(join(parent, name, 'below/file'), '');
    }
    symlinkSync(tmpdir(), join(parent, `${ofOther}x`));
    removeLeftWork(parent);
    expect(readdirSync(parent).sort()).toEqual([ofOther, `${ofOther}x`, foreign].sort());
    other.kill('SIGKILL');
    await once(other, 'exit');
    await inWorkFolder('qualify', async () => Promise.resolve(), parent);
    expect(readdirSync(parent).sort()).toEqual([`${ofOther}x`, foreign].sort());
  } finally {
    other.kill('SIGKILL');
    rmSync(parent, { recursive: true });
  }
});
