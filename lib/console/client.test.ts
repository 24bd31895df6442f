import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findDaemon, takeDown } from './client.js';
import { standingFolder } from './folder.js';
import { identityOf } from './identity.js';
import { lockedCommand } from './lock.js';

test('a lab daemon that is just beginning is ended, and not the process that an old file names', async () => {
  const base = mkdtempSync(join(realpathSync(tmpdir()), 'everyleaf-client-'));
  const folder = standingFolder(base);
  mkdirSync(folder.path, { mode: 0o700 });
  // No process has this pid: /proc/sys/kernel/pid_max is at most 2^22.
  writeFileSync(folder.daemonFile, JSON.stringify({ pid: 2 ** 22 + 1, startTicks: '1' }));
  const [file, ...args] = lockedCommand(folder, ['sh', '-c', 'echo locked; exec sleep 60']);
  const beginning = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await once(beginning.stdout, 'data');
    const taken = takeDown(folder);
    taken.catch(() => undefined);
    // By then it has looked, too.
    for (let look = 0; look < 3; look++) expect(await findDaemon(folder)).toBe('starting');
    writeFileSync(folder.daemonFile, JSON.stringify(identityOf(beginning.pid ?? 0)));
    expect(await taken).toBe('down');
    expect(beginning.signalCode ?? (await once(beginning, 'exit'))[1]).toBe('SIGTERM');
  } finally {
    beginning.kill('SIGKILL');
    rmSync(base, { recursive: true });
  }
});
