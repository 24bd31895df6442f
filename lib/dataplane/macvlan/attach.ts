import { tableOf } from '../../lab/nftTable.js';
import { BRIDGE, map, type BridgePort } from '../../ovs/bridge.js';
import { LackError } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Topology } from '../../topology/model.js';
import type { Variant } from './traits.js';

/** The table of rules that stand for what copies frames between a VM's NIC and its macvlan: of macvtap, QEMU. */
export const ATTACHED = 'everyleaf_macvlan';

/** After the tampers at the same hook: what they make is handed on, too. */
const PRIORITY = 200;

/** The macvlan of a VM, and what it lies on. */
export interface Attached {
  readonly vm: string;
  readonly mac: string;
  /** The host's end of the link to the VM. */
  readonly hostPort: string;
  readonly macvlan: string;
  /** The lower device. */
  readonly below: string;
}

/** With passthru a lower device has one macvlan only: each VM has a port of the bridge of its own. */
export function attachedIn({ vms }: Pick<Topology, 'vms'>, variant: Variant): readonly Attached[] {
  return vms.map(({ node, mac, hostPort }, index) => ({
    vm: node,
    mac,
    hostPort,
    macvlan: `macvlan${index}`,
    below: variant === 'passthru' ? `below${index}` : BRIDGE,
  }));
}

/** Ports of the bridge that are there for macvlans alone. */
export function lowerPorts(attached: readonly Attached[]): readonly BridgePort[] {
  return attached
    .filter(({ below }) => below !== BRIDGE)
    .map(({ below: name, mac }) => ({
      name,
      // A macvlan in passthru mode has the address of its lower device, whatever it is given.
      interfaces: [{ name, columns: { type: 'internal', mac, external_ids: map({ 'attached-mac': mac }) } }],
    }));
}

/**
 * Lines of `ip -batch`. A macvlan hears no group that its own device has not joined (drivers/net/macvlan.c,
 * macvlan_broadcast), and it is the VM's kernel that joins: so it is told to hear all of them.
 */
export function macvlanLines(attached: readonly Attached[], variant: Variant): readonly string[] {
  return [
    ...new Set(attached.map(({ below }) => `link set dev ${below} up`)),
    ...attached.flatMap(({ macvlan, below, mac }) => [
      `link add link ${below} name ${macvlan} ${variant === 'passthru' ? '' : `address ${mac} `}type macvlan mode ${variant}`,
      `link set dev ${macvlan} allmulticast on up`,
    ]),
  ];
}

/** A script of nft(8): what comes from a VM goes out at its macvlan, and the other way round. */
export function attachScript(attached: readonly Attached[]): string {
  const chain = (name: string, from: string, to: string) =>
    ` chain ${name} { type filter hook ingress device "${from}" priority ${PRIORITY}; fwd to "${to}"; }`;
  const chains = attached.flatMap(({ hostPort, macvlan }, index) => [
    chain(`from_vm${index}`, hostPort, macvlan),
    chain(`to_vm${index}`, macvlan, hostPort),
  ]);
  return tableOf('netdev', ATTACHED, chains);
}

/** Makes the macvlans of all VMs. Throws LackError where the kernel has none, or cannot hand frames on. */
export async function attach(lab: Lab, attached: readonly Attached[], variant: Variant): Promise<void> {
  const node = lab.node(lab.topology.host.node);
  const run = async (what: string, argv: readonly string[], input: string): Promise<void> => {
    const { code, stdout, stderr } = await node.exec(argv, { input, mayFail: true });
    if (code === 0) return;
    const command = `${argv[0] ?? ''} '${input.trim()}'`;
    throw new LackError([{ what, command, output: (stderr || stdout).trim() }]);
  };
  // After a restart of the switch, those of before may still be there.
  const gone = attached.map(({ macvlan }) => `link del ${macvlan}`).join('\n');
  await node.exec(['ip', '-force', '-batch', '-'], { input: gone, mayFail: true });
  await run(`a macvlan in mode ${variant}`, ['ip', '-batch', '-'], macvlanLines(attached, variant).join('\n'));
  await run('rules that hand frames on', ['nft', '-f', '-'], attachScript(attached));
}
