import { gatewayPort } from '../dataplane/ovs/leafSwitch.js';
import { DURATIONS } from '../durations.js';
import type { Lab } from '../testbed/types.js';
import type { Sender } from '../topology/model.js';
import { NeverHappened, until } from '../until.js';
import { stackAddresses } from '../testbed/netns/wiring.js';

/** Waits for a state that a broken replicator may keep from ever coming; what became of the frames is the judge's affair. */
async function untilOrNever(what: string, look: () => Promise<boolean>): Promise<void> {
  try {
    await until(what, DURATIONS.neighborAnswer, async () => ((await look()) ? true : null));
  } catch (error) {
    if (!(error instanceof NeverHappened)) throw error;
  }
}

/**
 * A leaf re-validates its neighbor entries, as it does before they age out: its kernel sends unicast ARP requests and Neighbor
 * Solicitations, and the senders' kernels answer. Returns when every entry is confirmed, or cannot be.
 */
export async function leafProbes(lab: Lab, leaf: string, senders: readonly Sender[]): Promise<void> {
  const node = lab.node(leaf);
  const entries = senders.flatMap((sender) =>
    stackAddresses(sender).flatMap((address) => [address.ipv4, address.ipv6].map((ip) => ({ ip, mac: sender.mac, port: gatewayPort(address.network) }))),
  );
  await node.exec(['ip', '-batch', '-'], { input: entries.map(({ ip, mac, port }) => `neigh replace ${ip} lladdr ${mac} dev ${port} nud probe`).join('\n') });
  await untilOrNever(`${leaf} to have its answers`, async () => {
    const { stdout } = await node.exec(['ip', 'neigh', 'show']);
    return entries.every(({ ip }) => new RegExp(`^${ip.replaceAll('.', '\\.')} .* REACHABLE$`, 'm').test(stdout));
  });
}

/** A sender forgets its gateway and speaks to it: broadcast ARP request and multicast Neighbor Solicitation from its own kernel. */
export async function resolveGateway(lab: Lab, sender: Sender): Promise<void> {
  const node = lab.node(sender.node);
  for (const address of stackAddresses(sender)) {
    const network = lab.topology.networks.find((one) => one.name === address.network);
    if (network === undefined) continue;
    await node.exec(['ip', 'neigh', 'flush', 'dev', sender.nic]);
    await Promise.all([network.gateway4, network.gateway6].map((gateway) => node.exec(['ping', '-n', '-c', '1', '-W', '1', gateway], { mayFail: true })));
  }
}

/**
 * An address is added and the sender's kernel runs Duplicate Address Detection (RFC 4862 5.4). Returns whether the address became
 * usable: a frame that comes back to its sender is taken for another owner of the address, and kills it.
 * @param nonce with the option of RFC 7527, by which a kernel knows its own frame again
 */
export async function detectDuplicates(lab: Lab, sender: Sender, address: string, nonce: boolean): Promise<boolean> {
  const node = lab.node(sender.node);
  await node.sysctl({
    [`net/ipv6/conf/${sender.nic}/enhanced_dad`]: nonce ? '1' : '0',
    'net/ipv6/conf/all/enhanced_dad': nonce ? '1' : '0',
    // No random delay before the first frame, and a short wait for objections after it.
    [`net/ipv6/conf/${sender.nic}/router_solicitation_delay`]: '0',
    [`net/ipv6/neigh/${sender.nic}/retrans_time_ms`]: '100',
  });
  await node.exec(['ip', 'addr', 'add', `${address}/64`, 'dev', sender.nic]);
  let shown = '';
  await untilOrNever(`${sender.node} to own ${address}`, async () => {
    shown = (await node.exec(['ip', '-o', '-6', 'addr', 'show', 'dev', sender.nic, 'to', address])).stdout;
    return !shown.includes('tentative') || shown.includes('dadfailed');
  });
  return shown !== '' && !shown.includes('tentative') && !shown.includes('dadfailed');
}

/** The sender's kernel announces its addresses unasked, as after a migration: gratuitous ARP and unsolicited Neighbor Advertisement. */
export async function announce(lab: Lab, sender: Sender): Promise<void> {
  const node = lab.node(sender.node);
  await node.sysctl({ [`net/ipv4/conf/${sender.nic}/arp_notify`]: '1', [`net/ipv6/conf/${sender.nic}/ndisc_notify`]: '1' });
  await node.exec(['ip', 'link', 'set', sender.nic, 'address', sender.mac]);
}
