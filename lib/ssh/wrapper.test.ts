import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { GO, wrapped } from './wrapper.js';

/** Without the second removal, one in eight of them left its folder. */
const COMMANDS = 24;
const ABREAST = 4;

/** Runs a command in a shell of this machine, and shows all the time that we live. */
async function runWithBeats(folder: string): Promise<number | null> {
  const line = wrapped({ argv: ['sleep', '0.05'], inputBytes: 0, sudo: false });
  const shell = spawn('sh', ['-c', line], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.stdin.on('error', () => undefined);
  shell.stdin.write(GO);
  const beat = () => {
    if (shell.exitCode === null && shell.stdin.writable) shell.stdin.write('\n'.repeat(256), beat);
  };
  beat();
  const [code] = (await once(shell, 'exit')) as [number | null];
  shell.stdin.destroy();
  return code;
}

test('a sign of life that comes while a command ends leaves no folder', async ({}, info) => {
  const folder = info.outputPath('');
  for (let done = 0; done < COMMANDS; done += ABREAST)
    expect(await Promise.all(Array.from({ length: ABREAST }, () => runWithBeats(folder)))).toEqual(
      Array.from({ length: ABREAST }, () => 0),
    );
  expect(readdirSync(folder)).toEqual([]);
});
