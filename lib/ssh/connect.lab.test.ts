import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { connect } from './connect.js';
import type { SshMachine } from './machine.js';
import { run } from './process.js';
import { makeKey } from './local/must.js';
import { openTestNetwork } from './testing/network.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

const SOON_MS = 20_000;

/** Each step of the protocol in the log of the server, and some of its words in the output of each command. */
const TALKATIVE = 'LogLevel DEBUG1';

/** What a login that must fail says. */
async function refused(machine: SshMachine): Promise<string> {
  try {
    await using connection = await connect(machine);
    return `logged in to ${connection.machine.name}`;
  } catch (error) {
    return (error as Error).message;
  }
}

for (const server of ['openssh', 'dropbear'] as const)
  for (const shell of ['dash', 'busybox'] as const)
    test(`a command runs on ${server} with ${shell}: its output, its code, its input`, async () => {
      await using network = await openTestNetwork();
      const { machine, processes, inside } = await network.boot('server', { server, shell, port: 2222 });
      await using connection = await connect(machine);
      const script = 'echo "$WORD"; cat; echo oops >&2; exit 7';
      const command = { argv: ['sh', '-c', script], env: { WORD: `it's "one"` }, input: 'line\nno end' };
      expect(await run(connection, command, SOON_MS)).toEqual({
        code: 7,
        signal: null,
        stdout: `it's "one"\nline\nno end`,
        stderr: 'oops',
      });
      expect((await run(connection, { argv: ['cat'] }, SOON_MS)).stdout).toBe('');
      expect(
        (await run(connection, { argv: ['sh', '-c', 'command -v tcpdump; command -v ip'] }, SOON_MS)).stdout,
      ).toMatch(/tcpdump\n.*ip\n/);
      expect((await run(connection, { argv: ['no-such-program'] }, SOON_MS)).code).toBe(127);
      await expect(run(connection, { argv: ['sleep', '600'] }, 300)).rejects.toThrow(
        'server: sleep 600 did not end within 300 ms',
      );
      await expect.poll(() => processes(), { timeout: SOON_MS }).toEqual([]);
      expect(await inside('ls', '/tmp')).toBe('');
    });

test('a key that is changed, revoked, unknown or of another name is refused, and nothing is sent', async () => {
  await using network = await openTestNetwork();
  const { machine, knownAs, hostKey, log } = await network.boot('server', { config: [TALKATIVE] });
  const other = (await readFile(`${await makeKey(join(network.folder, 'other'))}.pub`, 'utf8'))
    .split(' ')
    .slice(0, 2)
    .join(' ');
  for (const [lines, words] of [
    [`${knownAs} ${other}`, `is not the one that is known for ${knownAs} (ssh-ed25519) at FILE:1`],
    [`${knownAs} ${hostKey}\n@revoked * ${hostKey}`, 'is revoked at FILE:2'],
    [`192.0.2.200 ${hostKey}`, `is not known: no line about ${knownAs} in FILE`],
    [`@cert-authority * ${hostKey}`, `${knownAs} is known by a certificate authority only (FILE:1)`],
    ['', 'is not known'],
  ] as const) {
    const file = join(network.folder, 'lines');
    await writeFile(file, `${lines}\n`);
    const said = await refused({ ...machine, knownHosts: [file] });
    expect(said).toContain(`server: root@${knownAs} was not logged in to: `);
    expect(said).toContain(words.replace('FILE', file));
  }
  expect(log()).toContain('kex');
  expect(log()).not.toContain('userauth');
  expect(log()).not.toContain('publickey');
  expect(await refused(machine)).toBe('logged in to server');
  expect(log()).toContain('Accepted publickey for root');
});

test('the key that is known is asked for, whichever the server prefers', async () => {
  await using network = await openTestNetwork();
  const { machine } = await network.boot('server', { hostKey: 'rsa', unknownKey: 'ed25519' });
  expect(await refused(machine)).toBe('logged in to server');
});

test('keys are exchanged anew without an end of the work', async () => {
  await using network = await openTestNetwork();
  const { machine, log } = await network.boot('server', { config: ['RekeyLimit 1M', TALKATIVE] });
  await using connection = await connect(machine);
  const { stdout } = await run(connection, { argv: ['head', '-c', '9000000', '/dev/zero'] }, SOON_MS);
  expect(stdout.length).toBe(9_000_000);
  expect(log().match(/SSH2_MSG_KEXINIT received/g)?.length).toBeGreaterThan(4);
});

test('what cannot be reached or does not let us in is told in one sentence', async () => {
  await using network = await openTestNetwork();
  const { machine, address } = await network.boot('server', { user: 'qa' });
  const stranger = await makeKey(join(network.folder, 'stranger'));
  const secret = 'planted-secret';
  const identity = {
    agent: '/nowhere/agent',
    keyFiles: [stranger],
    password: () => Promise.resolve(secret),
  };
  const said = await refused({ ...machine, identity });
  expect(said).toContain(
    `server: qa@${address} refused the login as qa: tried the key ${stranger}; the keys of the agent at /nowhere/agent; the password; the agent says: `,
  );
  expect(said).not.toContain(secret);
  expect(await refused({ ...machine, port: 23 })).toBe(
    `server: qa@${address}:23 refuses the connection: no ssh server listens there`,
  );
  expect(await refused({ ...machine, host: '203.0.113.1' })).toContain('cannot be reached (ENETUNREACH)');
  await using connection = await connect(machine);
  await expect(run(connection, { argv: ['id'], asRoot: true }, SOON_MS)).rejects.toThrow(
    'server: this needs root, and qa is not',
  );
});

test('root is reached by sudo, and what runs as root ends with its lease, too', async () => {
  await using network = await openTestNetwork();
  const { machine, processes } = await network.boot('server', { user: 'qa', sudo: true });
  await using connection = await connect(machine);
  const id = async (asRoot: boolean) => (await run(connection, { argv: ['id', '-un'], asRoot }, SOON_MS)).stdout;
  expect([await id(false), await id(true)]).toEqual(['qa\n', 'root\n']);
  // This machine does not know its own name, of which sudo complains each time.
  expect((await run(connection, { argv: ['true'], asRoot: true }, SOON_MS)).stderr).toBe('');
  await expect(run(connection, { argv: ['sleep', '600'], asRoot: true }, 300)).rejects.toThrow('did not end');
  await expect.poll(() => processes(), { timeout: SOON_MS }).toEqual([]);
});

test('more work than a server allows sessions waits for its turn', async () => {
  await using network = await openTestNetwork();
  const { machine, log } = await network.boot('server', { config: ['MaxSessions 3', TALKATIVE] });
  await using connection = await connect(machine);
  const all = Array.from({ length: 14 }, (_, index) => run(connection, { argv: ['echo', String(index)] }, SOON_MS));
  expect((await Promise.all(all)).map(({ stdout }) => stdout.trim())).toEqual(all.map((_, index) => String(index)));
  expect(log()).toContain('no more sessions');
});

test('a machine is reached through another, each by its own key, and the loss of the first is told', async () => {
  await using network = await openTestNetwork();
  const gate = await network.boot('gate');
  const inner = await network.boot('inner', { behind: gate });
  await expect(connect({ ...inner.machine, via: [] })).rejects.toThrow('cannot be reached');
  // The key of the one is not that of the other.
  const wrong = { ...inner.machine, knownHosts: gate.machine.knownHosts };
  expect(await refused(wrong)).toContain('inner: root@192.0.2.10 was not logged in to');
  expect(await refused({ ...inner.machine, via: [{ ...gate.machine, knownHosts: [] }] })).toContain(
    'gate: root@192.0.2.6',
  );
  await using connection = await connect(inner.machine);
  expect((await run(connection, { argv: ['hostname'] }, SOON_MS)).stdout).toBe('inner\n');
  const waits = run(connection, { argv: ['sleep', '600'] }, 600_000);
  await expect.poll(() => inner.processes(), { timeout: SOON_MS }).toContain('sleep 600');
  gate.kill();
  await expect(waits).rejects.toThrow(/^gate: root@192\.0\.2\.6 |^inner: .*closed from there/);
  await expect.poll(() => inner.processes(), { timeout: SOON_MS }).toEqual([]);
});
