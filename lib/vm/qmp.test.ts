import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runProgram } from '../runProgram.js';
import { connected } from './qmp.js';

let folder = '';
test.beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'everyleaf-qmp-'))));
test.afterEach(() => rmSync(folder, { recursive: true }));

/** Leaves a socket's file at which nobody listens. */
const BOUND = 'use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0); bind($s, pack_sockaddr_un($ARGV[0])) or die $!;';

test('a socket that is there before anybody listens is connected to when somebody does', async () => {
  const path = join(folder, 'socket');
  expect((await runProgram('perl', ['-e', BOUND, path])).code).toBe(0);
  const connecting = connected(path);
  const server = createServer();
  rmSync(path);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const socket = await connecting;
  socket.destroy();
  server.close();
});

test('one that is not there is told at once', async () => {
  await expect(connected(join(folder, 'none'))).rejects.toThrow('nobody listens at');
});
