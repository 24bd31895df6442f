import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { providePackages } from './aptInstall.mjs';
import { labPurpose } from './labPurpose.mjs';
import { thisMachine } from './machine.mjs';
import type { Machine } from './machine.mjs';
import { NODE_FLOOR, nodeVersionProblem } from './nodeVersion.mjs';
import { DEBIAN_PACKAGES, missingPackages } from './packages.mjs';
import { explainClosedTun, explainClosedUserNamespaces } from './privileges.mjs';
import { sayTo } from './say.mjs';
import { searchPath } from './searchPath.mjs';
import { holdServices } from './serviceGuard.mjs';
import { runMain } from './setUp.mjs';

let said = '';
test.beforeEach(() => {
  said = '';
  sayTo((text) => {
    said += text;
  });
});

/** A folder of programs that do nothing, under the given names. */
async function toolFolder(folder: string, tools: readonly string[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const tool of tools) await writeFile(join(folder, tool), '#!/bin/sh\n', { mode: 0o755 });
  return folder;
}

const START_TOOLS = DEBIAN_PACKAGES.filter((debian) => debian.neededBy === 'start').flatMap((debian) => debian.tools);

function machine(folder: string, uid: number, tools: string): Machine {
  return { ...thisMachine(), uid, folders: [tools], policyFile: join(folder, 'policy-rc.d') };
}

test('a Node that is too old is named, with what to do; newer ones pass', async () => {
  expect(nodeVersionProblem('20.18.3')).toContain('Node 20.18.3 is too old: everyleaf needs Node 20.19.0 or newer');
  expect(nodeVersionProblem('18.20.8')).toContain('Install Node 20 LTS or newer');
  for (const good of ['20.19.0', '20.20.2', '22.1.0', 'v24.0.0', '21.0.0-nightly'])
    expect(nodeVersionProblem(good)).toBeNull();
  const manifest = JSON.parse(await readFile('package.json', 'utf8')) as { engines: { node: string } };
  expect(`${manifest.engines.node}.0`).toBe(`>=${NODE_FLOOR}`);
});

test('folders of system tools are searched even where PATH leaves them out', () => {
  expect(searchPath('/usr/bin:/bin:/usr/bin')).toEqual(['/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin']);
});

test('what start needs is asked by start, what tests need only by tests', async ({}, info) => {
  const tools = await toolFolder(info.outputPath('bin'), START_TOOLS);
  expect(missingPackages('start', [tools])).toEqual([]);
  expect(missingPackages('test', [tools]).map((debian) => debian.name)).toEqual([
    'frr',
    'tshark',
    'chromium',
    'g++',
    'make',
    'python3',
    'openssh-server',
    'openssh-client',
    'dropbear-bin',
    'busybox',
    'sudo',
    'socat',
    'zstd',
    'qemu-system-x86',
    'mmdebstrap',
    'erofs-utils',
    'cpio',
    'kmod',
    'xz-utils',
  ]);
});

test('a user who is not root gets one command, and what each package is for', async ({}, info) => {
  const tools = await toolFolder(info.outputPath('bin'), [
    'apt-get',
    ...START_TOOLS.filter((tool) => tool !== 'nft' && tool !== 'ovs-vsctl'),
  ]);
  const refusal = providePackages('start', machine(info.outputDir, 1000, tools));
  await expect(refusal).rejects.toMatchObject({ exitCode: 69 });
  await expect(refusal).rejects.toThrow(
    "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends openvswitch-switch nftables'",
  );
  await expect(refusal).rejects.toThrow(
    / {2}openvswitch-switch {2}the leaf switches .* \(not found: ovs-vsctl\)\n {2}nftables {12}one-way loss/,
  );
});

test('a system without apt-get is told the names', async ({}, info) => {
  const tools = await toolFolder(
    info.outputPath('bin'),
    START_TOOLS.filter((tool) => tool !== 'tcpdump'),
  );
  await expect(providePackages('start', machine(info.outputDir, 0, tools))).rejects.toThrow(/no apt-get[^]*tcpdump/);
});

/** An apt-get that records how it was called and whether services were held, and installs tcpdump. */
async function fakeApt(folder: string, tools: string, failFirst: boolean): Promise<void> {
  await writeFile(join(tools, 'setpriv'), '#!/bin/sh\nshift 2\nexec "$@"\n');
  await writeFile(
    join(tools, 'apt-get'),
    `#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >>${folder}/calls
case "$*" in *update) exit 0 ;; esac
${failFirst ? `[ -e ${folder}/tried ] || { : >${folder}/tried; exit 100; }` : ''}
for service in openvswitch-switch frr.service cron; do ${folder}/policy-rc.d $service start; echo "$service $?"; done >>${folder}/calls
printf '#!/bin/sh\\n' >${tools}/tcpdump; /bin/chmod 755 ${tools}/tcpdump
`,
    { mode: 0o755 },
  );
}

for (const failFirst of [false, true]) {
  test(`root gets packages installed, services held meanwhile, nothing left behind (${failFirst ? 'stale' : 'good'} lists)`, async ({}, info) => {
    const tools = await toolFolder(
      info.outputPath('bin'),
      START_TOOLS.filter((tool) => tool !== 'tcpdump'),
    );
    await fakeApt(info.outputDir, tools, failFirst);
    await providePackages('start', machine(info.outputDir, 0, tools));
    const calls = (await readFile(info.outputPath('calls'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.replace(/-q .*confold /, ''));
    const install = 'noninteractive install -y --no-install-recommends tcpdump';
    const held = ['openvswitch-switch 101', 'frr.service 101', 'cron 0'];
    expect(calls).toEqual(failFirst ? [install, 'noninteractive update', install, ...held] : [install, ...held]);
    expect(said).toContain(
      'installing Debian packages (as root, with apt-get):\n  tcpdump  captures on every leaf port',
    );
    expect(await readdir(info.outputDir)).not.toContain('policy-rc.d');
  });
}

test("the machine owner's own service policy is left alone", async ({}, info) => {
  const file = info.outputPath('policy-rc.d');
  await writeFile(file, 'mine');
  holdServices(file).release();
  expect(await readFile(file, 'utf8')).toBe('mine');
});

test('closed user namespaces: the switch that closes them is named, and only that', () => {
  const debian = explainClosedUserNamespaces(
    (key) => (key === 'kernel.unprivileged_userns_clone' ? '0' : '15000'),
    'unshare: unshare failed: Operation not permitted\n',
  );
  expect(debian).toContain('It said: unshare: unshare failed: Operation not permitted');
  expect(debian).toContain('sysctl -w kernel.unprivileged_userns_clone=1');
  expect(debian).not.toContain('max_user_namespaces');
  expect(explainClosedUserNamespaces((key) => (key.includes('apparmor') ? '1' : null), '')).toContain(
    'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  );
  expect(explainClosedUserNamespaces(() => null, '')).toContain('None of the usual switches');
});

test('a closed tun device: each way of being closed has its own way to open', () => {
  expect(explainClosedTun('EACCES', '/dev/net/tun')).toContain('chmod 0666 /dev/net/tun');
  expect(explainClosedTun('ENOENT', '/dev/net/tun')).toContain(
    'mkdir -p /dev/net && mknod -m 0666 /dev/net/tun c 10 200',
  );
  expect(explainClosedTun('ENODEV', '/dev/net/tun')).toContain('modprobe tun');
  expect(explainClosedTun('EPERM', '/dev/net/tun')).toContain('--device /dev/net/tun');
});

test('only commands that build a lab here ask for its tools', () => {
  for (const lab of ['run', 'run --json --replicator off', 'up', 'run --testbed netns', '--verbose run'])
    expect(labPurpose(lab.split(' '))).toBe('start');
  for (const other of [
    'judge x',
    'check run',
    'doctor',
    'run --help',
    'run --testbed=ssh',
    'run --testbed vm',
    '--version',
  ])
    expect(labPurpose(other.split(' '))).toBe('no-lab');
});

test('a tool must be a program, not a folder or a dead link', async ({}, info) => {
  const tools = await toolFolder(
    info.outputPath('bin'),
    START_TOOLS.filter((tool) => tool !== 'nft' && tool !== 'tcpdump'),
  );
  await mkdir(join(tools, 'nft'));
  await symlink('/nowhere', join(tools, 'tcpdump'));
  expect(missingPackages('start', [tools]).map((debian) => debian.name)).toEqual(['tcpdump', 'nftables']);
});

test('what set-up did not expect is one line and 69, never the 1 of a verdict', async () => {
  const before = process.exitCode;
  try {
    await runMain(() => Promise.reject(new Error('the disk is gone')));
    expect([process.exitCode, said]).toEqual([69, 'everyleaf: unexpected: the disk is gone\n']);
  } finally {
    process.exitCode = before;
  }
});
