import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import ssh2, { type ServerChannel } from 'ssh2';
import { connect, slownessOf } from './connect.js';
import { HANGS_MS } from '../testing/limits.js';
import { must } from './local/must.js';
import { run } from './process.js';

const SOON_MS = 20_000;

type Answer = 'run' | 'refuse' | 'run and refuse' | 'do not open';

/** A server here that answers each session as it is told, and really has a shell run commands. */
async function serve(answer: (session: number) => Answer) {
  const folder = await mkdtemp(join(tmpdir(), 'everyleaf-serve-'));
  // Not ssh2's own: of ssh2 1.17.0 one ed25519 key in 256 cannot be read.
  const keyFile = join(folder, 'host');
  await must('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', keyFile);
  const hostKey = await readFile(keyFile);
  const asked: string[] = [];
  let sessions = 0;
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (login) => login.accept());
    client.on('session', (accept, reject) => {
      const what = answer(sessions++);
      if (what === 'do not open') {
        reject();
        return;
      }
      accept().on('exec', (take, refuse, { command }) => {
        asked.push(command);
        const child =
          what === 'refuse' ? null : spawn('sh', ['-c', command], { env: { ...process.env, TMPDIR: folder } });
        if (what !== 'run') {
          child?.stdin.end();
          refuse();
          return;
        }
        const channel: ServerChannel = take();
        if (child === null) return;
        channel.pipe(child.stdin);
        child.stdin.on('error', () => undefined);
        child.stdout.pipe(channel, { end: false });
        child.stderr.pipe(channel.stderr, { end: false });
        child.on('close', (code) => {
          channel.exit(code ?? 255);
          channel.end();
        });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, `[127.0.0.1]:${port} ${(await readFile(`${keyFile}.pub`, 'utf8')).trim()}\n`);
  const connection = await connect({
    name: 'server',
    host: '127.0.0.1',
    port,
    user: 'root',
    identity: { agent: null, keyFiles: [], password: () => Promise.resolve('none') },
    knownHosts: [knownHosts],
    keyAlias: null,
    via: [],
    sudo: false,
  });
  return {
    folder,
    asked,
    connection,
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test('a session that is not opened is asked for again when another has ended', async () => {
  await using server = await serve((session) => ['run', 'do not open', 'run', 'refuse'][session] as Answer);
  const first = await server.connection.session('cat');
  const second = server.connection.session('true');
  await expect.poll(() => server.asked).toEqual(['cat']);
  first.resume().end();
  (await second).resume();
  expect(server.asked).toEqual(['cat', 'true']);
});

test('a command that is refused is asked for once, and the error names machine and command', async () => {
  await using server = await serve((session) => (session === 0 ? 'run' : 'refuse'));
  const beside = await server.connection.session('cat');
  await expect(server.connection.session('touch x')).rejects.toThrow(
    'server: the server opened a session and refused to run touch x in it (Unable to exec); it may have begun there nevertheless',
  );
  expect(server.asked).toEqual(['cat', 'touch x']);
  beside.resume().end();
});

test('a command whose session was refused, and which was started all the same, is done once', async () => {
  await using server = await serve((session) => (session < 3 ? 'run and refuse' : 'run'));
  const file = join(server.folder, 'done');
  const { code } = await run(server.connection, { argv: ['sh', '-c', `echo once >>${file}`] }, SOON_MS);
  expect([code, server.asked.length]).toEqual([0, 4]);
  expect(await readFile(file, 'utf8')).toBe('once\n');
});

test('a server that refuses every command is told in one sentence', async () => {
  await using server = await serve(() => 'refuse');
  await expect(run(server.connection, { argv: ['sh', '-c', 'cat'] }, SOON_MS)).rejects.toThrow(
    'server: sh -c cat was refused 5 times by the server (Unable to exec), and has not begun',
  );
});

test('a machine whose login is slow has as many times more time for each command', async () => {
  expect([50, 250, 1_500, 15_000].map(slownessOf)).toEqual([1, 1, 6, 20]);
  await using server = await serve(() => 'run');
  const second = { argv: ['sleep', '1'] };
  await expect(run({ ...server.connection, slowness: 1 }, second, 1)).rejects.toThrow('did not end within 1 ms');
  const { code } = await run({ ...server.connection, slowness: HANGS_MS }, second, 1);
  expect(code).toBe(0);
});

test('a command that was ended there is no answer, whatever it has printed', async () => {
  await using server = await serve(() => 'run');
  const ended = { argv: ['sh', '-c', 'echo half; kill -TERM $$'] };
  await expect(run(server.connection, ended, HANGS_MS)).rejects.toThrow(
    /^server: sh -c .* was ended there: it had not heard of us for 10 s, or somebody else ended it$/,
  );
});
