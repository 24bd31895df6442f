import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULTS } from '../../../defaults.js';
import { PACKAGE_ROOT } from '../../../packageRoot.js';
import { loadTopology } from '../../../run/loadTopology.js';
import type { MachineOptions, TestMachine } from '../../../ssh/testing/machine.js';
import { HANGS_MS } from '../../../testing/limits.js';
import type { Sender, Topology } from '../../../topology/model.js';
import { until } from '../../../until.js';
import { bringUpTwoLeaves, type TwoLeaves } from './twoLeaves.js';

/** Machines of which each is what it is: a host with a bond, VMs and perhaps a replicator; leaves with a gateway. */
export interface InstalledRack extends AsyncDisposable {
  readonly leaves: TwoLeaves;
  readonly topology: Topology;
  /** Its replicator is there from now on, or is gone. */
  replicate(isThere: boolean): Promise<void>;
  /** A binding that says so, with this text changed. */
  binding(name: string, edit?: (text: string) => string): Promise<string>;
}

/** What the version command of its replicator prints. */
export const VERSION = 'group-and-flows 1.0';

const RUN = '/run/ovs';
const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';

/** Open vSwitch on the host, as a distribution would start it. */
const SWITCH = `
set -e
export OVS_RUNDIR=${RUN} OVS_LOGDIR=${RUN} OVS_SYSCONFDIR=${RUN}
mkdir -p ${RUN}
ovsdb-tool create ${RUN}/conf.db ${SCHEMA}
ovsdb-server ${RUN}/conf.db --remote=punix:${RUN}/db.sock --pidfile=${RUN}/ovsdb.pid --detach --no-chdir
ovs-vsctl --db=unix:${RUN}/db.sock --no-wait init
ovs-vswitchd unix:${RUN}/db.sock --pidfile=${RUN}/vswitchd.pid --detach --no-chdir --log-file=${RUN}/vswitchd.log
`.trim();

const vsctl = (...args: readonly string[]) => ['ovs-vsctl', `--db=unix:${RUN}/db.sock`, ...args];
const ofctl = (...args: readonly string[]) => ['env', `OVS_RUNDIR=${RUN}`, 'ovs-ofctl', '-O', 'OpenFlow13', ...args];

async function makeVm(server: TestMachine, { node, mac, addresses }: Sender): Promise<void> {
  const [address] = addresses;
  const ip = (...argv: readonly string[]) => server.inside('ip', '-n', node, ...argv);
  await server.inside('ip', 'netns', 'add', node);
  const peer = ['peer', 'name', 'eth0', 'address', mac, 'netns', node];
  await server.inside('ip', 'link', 'add', 'name', node, 'type', 'veth', ...peer);
  await server.inside('ip', 'link', 'set', 'dev', node, 'up');
  await ip('addr', 'add', `${address?.ipv4 ?? ''}/24`, 'dev', 'eth0');
  await ip('-6', 'addr', 'add', `${address?.ipv6 ?? ''}/64`, 'dev', 'eth0', 'nodad');
  await ip('link', 'set', 'dev', 'eth0', 'up');
}

async function installHost(server: TestMachine, { host, vms }: Topology): Promise<void> {
  for (const vm of vms) await makeVm(server, vm);
  await server.inside('sh', '-c', SWITCH);
  const bridge = ['add-br', 'br0', '--', 'set', 'bridge', 'br0', 'datapath_type=netdev', 'fail-mode=standalone'];
  await server.inside(...vsctl(...bridge, `other-config:hwaddr="${host.mac}"`));
  await server.inside(...vsctl('add-bond', 'br0', 'bond0', 'eth1', 'eth2', 'bond_mode=balance-slb'));
  for (const { node } of vms) await server.inside(...vsctl('add-port', 'br0', node));
  const [address] = host.addresses;
  await server.inside('ip', 'addr', 'add', `${address?.ipv4 ?? ''}/24`, 'dev', 'br0');
  await server.inside('ip', '-6', 'addr', 'add', `${address?.ipv6 ?? ''}/64`, 'dev', 'br0', 'nodad');
  await server.inside('ip', 'link', 'set', 'dev', 'br0', 'up');
}

/** A bridge with the gateway's addresses and MAC on itself, as a switch that runs Linux has. */
async function installLeaf(leaf: TestMachine, { networks, leaves }: Topology): Promise<void> {
  const [network] = networks;
  const mac = leaves[0]?.gatewayMac ?? '';
  const br = ['dev', 'br0'];
  await leaf.inside('ip', 'link', 'add', 'name', 'br0', 'address', mac, 'type', 'bridge', 'mcast_snooping', '0');
  await leaf.inside('ip', 'link', 'set', 'dev', 'swp1', 'master', 'br0');
  await leaf.inside('sh', '-c', 'echo 1 >/proc/sys/net/ipv6/conf/swp1/disable_ipv6');
  await leaf.inside('ip', 'addr', 'add', `${network?.gateway4 ?? ''}/24`, ...br);
  await leaf.inside('ip', '-6', 'addr', 'add', `${network?.gateway6 ?? ''}/64`, ...br, 'nodad');
  await leaf.inside('ip', 'link', 'set', ...br, 'up');
}

async function replicate(server: TestMachine, { vms }: Topology, isThere: boolean): Promise<void> {
  await server.inside(...ofctl('del-flows', 'br0', 'cookie=0x77/-1'));
  await server.inside(...ofctl('del-groups', 'br0', 'group_id=77'));
  if (!isThere) return;
  const number = async (port: string) => (await server.inside(...vsctl('get', 'interface', port, 'ofport'))).trim();
  const [a, b] = [await number('eth1'), await number('eth2')];
  const group = `group_id=77,type=all,bucket=actions=output:${a},bucket=actions=output:${b}`;
  await server.inside(...ofctl('add-group', 'br0', group));
  const inside = ['LOCAL', ...(await Promise.all(vms.map(({ node }) => number(node))))];
  for (const port of inside)
    for (const what of ['arp', 'icmp6,icmp_type=135', 'icmp6,icmp_type=136']) {
      const others = inside.filter((other) => other !== port).map((other) => `output:${other}`);
      const actions = [...others, 'group:77'].join();
      await server.inside(
        ...ofctl('add-flow', 'br0', `cookie=0x77,priority=200,in_port=${port},${what},actions=${actions}`),
      );
    }
}

const text = (leaves: TwoLeaves, name: string, { leaves: [leaf] }: Topology): string => {
  const [server, a, b] = [leaves.machines.server, leaves.machines.leafa, leaves.machines.leafb];
  const login = (machine: TestMachine) => `{ ssh: ${machine.address}, user: root, os: linux }`;
  const leafText = (of: string, machine: string) => `  ${of}:
    machine: ${machine}
    ports: { to-host: swp1 }
    gateway: { interface: br0, mac: "${leaf?.gatewayMac ?? ''}" }
    vantage: { kind: port }
`;
  return `binding: ${name}
topology: ./flat.yaml
lease: { at: leafa }
machines:
  server: ${login(server)}
  leafa: ${login(a)}
  leafb: ${login(b)}
keys: { identity: { file: ./two-linux-leaves-local/id }, agent: false, knownHosts: ./two-linux-leaves-local/known_hosts }
host:
  machine: server
  change: nothing
  ports: { up-a: eth1, up-b: eth2 }
  replicator: { installed: true, name: group-and-flows, version: [echo, ${VERSION}], profile: ovs-group }
senders:
  host: { interface: br0 }
  vm1: { netns: vm1, interface: eth0 }
  vm2: { machine: null, mac: "02:00:00:00:01:0b" }
leaves:
${leafText('leaf-a', 'leafa')}${leafText('leaf-b', 'leafb')}`;
};

/**
 * Every address of its own is usable: before, a machine changes by itself. A bridge gets that of its link only once its
 * first port is open, so it is waited for, too.
 */
const settled = (machine: TestMachine) =>
  until(`${machine.name} to have its addresses`, HANGS_MS, async () => {
    const shown = (...which: readonly string[]) => machine.inside('ip', '-o', '-6', 'addr', 'show', ...which);
    const ofLink = await shown('dev', 'br0', 'scope', 'link');
    return ofLink.trim() !== '' && (await shown('tentative')).trim() === '' ? true : null;
  });

/** Builds all of it behind the back of ssh. */
export async function installRack(server: MachineOptions = {}): Promise<InstalledRack> {
  const leaves = await bringUpTwoLeaves({ server });
  try {
    // Its machines have their own addresses in the usual network.
    const flat = await readFile(join(PACKAGE_ROOT, 'topologies/flat.yaml'), 'utf8');
    const own = flat.replace('{ name: native }', '{ name: native, ipv4: 203.0.113.0/24 }');
    const topology = await loadTopology(await leaves.change('flat', () => own), DEFAULTS.dataPlanes);
    const { server, leafa, leafb } = leaves.machines;
    await Promise.all([installHost(server, topology), installLeaf(leafa, topology), installLeaf(leafb, topology)]);
    await Promise.all([server, leafa, leafb].map(settled));
    return {
      leaves,
      topology,
      replicate: (isThere) => replicate(server, topology, isThere),
      binding: (name, edit = (same) => same) => leaves.change(name, () => edit(text(leaves, name, topology))),
      [Symbol.asyncDispose]: () => leaves[Symbol.asyncDispose](),
    };
  } catch (error) {
    await leaves[Symbol.asyncDispose]();
    throw error;
  }
}
