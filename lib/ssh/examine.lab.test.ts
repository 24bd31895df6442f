import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { runProgram } from '../runProgram.js';
import { measureClock } from './clock.js';
import { connect } from './connect.js';
import { must } from './local/must.js';
import { openTestNetwork } from './testing/network.js';

test.skip(process.getuid?.() !== 0, 'servers of ssh in namespaces need root');

const SOON_MS = 20_000;
const MS = 1_000_000n;

for (const [options, by, errorNs] of [
  [{ server: 'openssh', shell: 'dash' }, 'bash', 10n * MS],
  [{ server: 'dropbear', shell: 'dash', without: ['bash'] }, 'date', 40n * MS],
  [{ server: 'openssh', shell: 'busybox', without: ['bash'], busyboxDate: true }, 'date of busybox', 80n * MS],
] as const)
  test(`the clock of a machine is measured, and what is said of it is true: ${by}`, async () => {
    await using network = await openTestNetwork();
    const machine = await network.boot('server', options);
    await using connection = await connect(machine.machine);
    const clock = await measureClock(connection);
    expect(clock.by).toBe(by);
    // One machine: the truth is 0.
    expect(
      clock.ns <= clock.errorNs && clock.ns >= -clock.errorNs,
      JSON.stringify(clock, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)),
    ).toBe(true);
    expect(clock.errorNs).toBeLessThan(errorNs);
    await expect.poll(() => machine.processes(), { timeout: SOON_MS }).toEqual([]);
  });

/** `everyleaf doctor` on the client of the network, with the key in an agent. */
async function doctor(keyFile: string, ...args: readonly string[]) {
  const agent = spawn('ssh-agent', ['-D', '-a', `${keyFile}.agent`], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(agent.stdout, 'data');
    const env = { ...process.env, SSH_AUTH_SOCK: `${keyFile}.agent` };
    await must('env', `SSH_AUTH_SOCK=${env.SSH_AUTH_SOCK}`, 'ssh-add', '-q', keyFile);
    const program = `${PACKAGE_ROOT}/dist/lib/cli/main.js`;
    return await runProgram(process.execPath, [program, 'doctor', ...args], { env });
  } finally {
    agent.kill();
    await once(agent, 'exit');
  }
}

test('doctor tells what a machine can do, and leaves nothing there', async () => {
  await using network = await openTestNetwork();
  const good = await network.boot('good', { user: 'qa', sudo: true, without: ['perl'] });
  const [known = ''] = good.machine.knownHosts;
  const state = () =>
    good.inside('sh', '-c', 'ip -4 -o addr; ip route; nft list ruleset; ip -o link | cut -d: -f2; ls /mnt/qa');
  const before = await state();
  const { code, stdout, stderr } = await doctor(
    network.keyFile,
    '--ssh',
    `qa@${good.address}`,
    '--known-hosts',
    known,
    '--sudo',
    '--json',
  );
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as {
    machines: { capabilities: { name: string; works: boolean; said: string }[] }[];
  };
  const found = Object.fromEntries(report.machines[0]?.capabilities.map(({ name, works }) => [name, works]) ?? []);
  expect(found, stdout).toEqual({
    login: true,
    root: true,
    ip: true,
    tcpdump: true,
    setsid: true,
    ping: true,
    'sends by python3': true,
    'sends by perl': false,
    'sends by socat': true,
    guard: true,
    clock: true,
  });
  expect(code).toBe(0);
  await expect.poll(() => good.processes(), { timeout: SOON_MS }).toEqual([]);
  expect(await state()).toBe(before);
  expect(await good.inside('sh', '-c', 'ls /tmp; ls /run')).not.toContain('everyleaf');
});

test('doctor tells what a machine lacks, and goes on to the next one', async () => {
  await using network = await openTestNetwork();
  const bare = await network.boot('bare', { user: 'qa', without: ['tcpdump'] });
  const [known = ''] = bare.machine.knownHosts;
  const { code, stdout } = await doctor(
    network.keyFile,
    '--ssh',
    '203.0.113.1',
    `qa@${bare.address}`,
    '--known-hosts',
    known,
  );
  expect(code).toBe(69);
  expect(stdout).toContain('203.0.113.1 cannot be reached (ENETUNREACH)');
  expect(stdout).toContain('203.0.113.1 lacks what is required: login.');
  expect(stdout).toContain('this needs root, and qa is not');
  expect(stdout).toContain(`qa@${bare.address} lacks what is required: root, tcpdump.`);
});

test('doctor logs in to all machines of a binding, by the keys that it names', async () => {
  await using network = await openTestNetwork();
  const server = await network.boot('server', { user: 'qa', sudo: true });
  const leaf = await network.boot('leaf', { user: 'qa', sudo: true });
  const folder = dirname(network.keyFile);
  const known = join(folder, 'lab.known_hosts');
  writeFileSync(known, [server, leaf].map(({ knownAs, hostKey }) => `${knownAs} ${hostKey}\n`).join(''));
  const example = readFileSync(join(PACKAGE_ROOT, 'topologies/bindings/two-linux-leaves.yaml'), 'utf8');
  const file = join(folder, 'binding.yaml');
  const login = 'user: qa, sudo: true, os: linux';
  writeFileSync(
    file,
    example
      .replace('../dual-leaf.yaml', join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml'))
      .replace('ssh: 192.0.2.10, sudo: true, os: linux', `ssh: ${server.address}, ${login}`)
      .replace('ssh: 192.0.2.11, sudo: true, os: linux', `ssh: ${leaf.address}, ${login}`)
      // Nobody listens there.
      .replace('ssh: 192.0.2.12, sudo: true, os: linux', `ssh: ${leaf.address}, port: 9, ${login}`)
      .replace('agent: true', `agent: false, identity: { file: ${network.keyFile} }`),
  );
  const program = `${PACKAGE_ROOT}/dist/lib/cli/main.js`;
  const { code, stdout, stderr } = await runProgram(process.execPath, [program, 'doctor', '--binding', file, '--json']);
  expect(stderr).toBe('');
  const { machines } = JSON.parse(stdout) as { machines: { machine: string; ready: boolean }[] };
  expect(machines.map(({ machine, ready }) => [machine, ready])).toEqual([
    ['server', true],
    ['leafa', true],
    ['leafb', false],
  ]);
  expect(code).toBe(69);
  const both = await runProgram(process.execPath, [program, 'doctor', '--binding', file, '--ssh', server.address]);
  expect(both.code).toBe(2);
});
