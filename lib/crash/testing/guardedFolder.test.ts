import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { lookUntil } from './vanished.js';

const HELD = `const { guardedFolder } = await import(process.argv[1]); console.log(guardedFolder('everyleaf-guard-').path); setInterval(() => undefined, 1000);`;

test('the folder goes with the process that made it, also when that is killed', async () => {
  const maker = spawn(
    process.execPath,
    ['--input-type=module', '-e', HELD, join(PACKAGE_ROOT, 'dist/lib/crash/testing/guardedFolder.js')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let path = '';
  for await (const line of createInterface(maker.stdout)) {
    path = line;
    break;
  }
  expect(existsSync(path)).toBe(true);
  maker.kill('SIGKILL');
  await lookUntil(() => !existsSync(path));
  expect(existsSync(path)).toBe(false);
});
