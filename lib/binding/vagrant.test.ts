import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { loadTopology } from '../run/loadTopology.js';
import { runProgram } from '../runProgram.js';
import { loadBinding } from './load.js';
import { sshTargets } from './targets.js';
import { vagrantBinding } from './vagrant.js';

const TOPOLOGIES = ['dual-leaf', 'quad-leaf', 'flat', 'two-vlans', 'fabric'] as const;
const topologyFile = (name: string) => join(PACKAGE_ROOT, 'topologies', `${name}.yaml`);

/** In the form of `vagrant ssh-config` of Vagrant 2.3.4. */
const sshConfig = (nodes: readonly string[], key: string): string =>
  nodes
    .map(
      (node, index) => `Host ${node}
  HostName 192.0.2.${10 + index}
  User vagrant
  Port ${index === 0 ? 22 : 2200 + index}
  UserKnownHostsFile /dev/null
  StrictHostKeyChecking no
  PasswordAuthentication no
  IdentityFile "${key}"
  IdentitiesOnly yes
  LogLevel FATAL
`,
    )
    .join('\n');

test('the machines of Vagrant are a binding that can be read, and each is reached as Vagrant says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'everyleaf-vagrant-test-'));
  const key = join(folder, 'a key');
  await writeFile(key, '');
  try {
    for (const name of TOPOLOGIES) {
      const topology = await loadTopology(topologyFile(name), DEFAULTS.dataPlanes);
      const nodes = ['host', ...topology.leaves.map((leaf) => leaf.name)];
      const text = await vagrantBinding(topology, sshConfig(nodes, key), {
        topology: topologyFile(name),
        replicator: join(PACKAGE_ROOT, 'docs/examples/replicator/ovs-flows.yaml'),
        knownHosts: '/srv/lab/known_hosts',
      });
      const file = join(folder, `${name}.yaml`);
      await writeFile(file, text);
      const { binding } = await loadBinding(file, DEFAULTS.dataPlanes);
      expect(binding.binding).toBe(`vagrant-${name}`);
      expect(
        Object.entries(binding.machines).map(([machine, { ssh, port, user }]) => [machine, ssh, port, user]),
      ).toEqual(
        nodes.map((node, index) => [node, `192.0.2.${10 + index}`, index === 0 ? 22 : 2200 + index, 'vagrant']),
      );
      expect(binding.keys).toEqual({
        identity: { file: key },
        agent: false,
        knownHosts: '/srv/lab/known_hosts',
      });
      // A key that is not known is refused, whatever Vagrant's own configuration says.
      const targets = sshTargets(binding, { folder, environment: {}, ask: null });
      expect([...targets.values()].map(({ knownHosts }) => knownHosts)).toEqual(
        nodes.map(() => ['/srv/lab/known_hosts']),
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

interface Understood {
  readonly networks: readonly Readonly<Record<string, unknown>>[];
  readonly arguments: readonly string[];
}

/** What Vagrant itself understands of the Vagrantfile; null where it is not installed. */
async function understood(topology: string, provider: string): Promise<Readonly<Record<string, Understood>> | null> {
  // Vagrant keeps notes of its own in a folder.
  const notes = await mkdtemp(join(tmpdir(), 'everyleaf-vagrant-test-'));
  const { code, stdout, stderr } = await runProgram(
    'ruby',
    [join(PACKAGE_ROOT, 'vagrant/testing/networks.rb'), provider],
    {
      env: {
        ...process.env,
        VAGRANT_CWD: join(PACKAGE_ROOT, 'vagrant'),
        VAGRANT_DOTFILE_PATH: notes,
        EVERYLEAF_TOPOLOGY: topologyFile(topology),
      },
    },
  );
  await rm(notes, { recursive: true, force: true });
  if (code === null || stderr.includes('cannot load such file -- vagrant')) return null;
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Readonly<Record<string, Understood>>;
}

/** Ruby and Vagrant take 3 s to load, and each machine's configuration is read anew; on a busy machine ten times that. */
const VAGRANT_MS = 180_000;

for (const name of ['dual-leaf', 'fabric'] as const)
  test(`Vagrant wires ${name} as the topology says`, async () => {
    test.setTimeout(VAGRANT_MS);
    const topology = await loadTopology(topologyFile(name), DEFAULTS.dataPlanes);
    const libvirt = await understood(name, 'libvirt');
    test.skip(libvirt === null, 'Vagrant is not installed: apt-get install vagrant');
    const virtualbox = await understood(name, 'virtualbox');
    if (libvirt === null || virtualbox === null) throw new Error('unreachable');
    const fabric = topology.fabric;
    expect(Object.keys(libvirt)).toEqual([
      'host',
      ...topology.leaves.map((leaf) => leaf.name),
      ...(fabric === undefined ? [] : ['spine', 'client']),
    ]);

    /** Each end: machine and port, by what the other provider calls its link. */
    const portsOf = (machine: string) => libvirt[machine]?.arguments.map((argument) => argument.split('=')) ?? [];
    const tunnels = new Map<string, readonly string[]>();
    const networks = new Map<string, readonly string[]>();
    for (const machine of Object.keys(libvirt))
      for (const [index, network] of (libvirt[machine]?.networks ?? []).entries()) {
        const [mac = '', port = ''] = portsOf(machine)[index] ?? [];
        expect(network['mac']).toBe(mac);
        const other = virtualbox[machine]?.networks[index] ?? {};
        expect(String(other['mac']).toLowerCase()).toBe(mac.replaceAll(':', ''));
        const [here, there] = [network['libvirt__tunnel_local_port'], network['libvirt__tunnel_port']].map(String);
        const key = [here, there].sort().join('-');
        tunnels.set(key, [...(tunnels.get(key) ?? []), `${machine}/${port} ${here ?? ''}`]);
        const named = String(other['virtualbox__intnet']);
        networks.set(named, [...(networks.get(named) ?? []), `${machine}/${port}`]);
      }
    const wanted = [
      ...topology.legs.map((leg) => [`host/${leg.hostPort}`, `${leg.leaf}/${leg.leafPort}`]),
      ...(fabric?.uplinks ?? []).map((uplink) => [`${uplink.leaf}/${uplink.leafPort}`, `spine/${uplink.spinePort}`]),
      ...(fabric === undefined ? [] : [[`client/${fabric.client.nic}`, `spine/${fabric.client.spinePort}`]]),
    ].map((ends) => ends.sort());
    const strip = (ends: readonly string[]) => ends.map((end) => end.replace(/ .*/, '')).sort();
    expect([...tunnels.values()].map(strip).sort()).toEqual(wanted.sort());
    expect([...networks.values()].map((ends) => [...ends].sort()).sort()).toEqual(wanted.sort());
    // Nobody listens where somebody else does.
    const listened = [...tunnels.values()].flat().map((end) => end.split(' ')[1]);
    expect(new Set(listened).size).toBe(listened.length);
    for (const { hostMac, hostPort } of topology.legs)
      expect(libvirt['host']?.arguments).toContain(`${hostMac}=${hostPort}`);
  });
