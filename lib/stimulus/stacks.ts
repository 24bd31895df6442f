import { gatewayPort } from '../topology/labNames.js';
import type { PlaneTraits } from '../dataplane/traits.js';
import { DURATIONS } from '../durations.js';
import type { Lab } from '../testbed/lab.js';
import type { Node } from '../testbed/node.js';
import type { Sender } from '../topology/model.js';
import { NeverHappened, until } from '../until.js';
import { stackAddresses } from '../lab/addresses.js';
import { setSysctls } from '../lab/sysctl.js';

/** Waits for a state that a broken replicator may prevent; the judge finds what happened to the frames. */
async function untilOrNever(what: string, afterMs: number, look: () => Promise<boolean>): Promise<void> {
  try {
    await until(what, afterMs, async () => ((await look()) ? true : null));
  } catch (error) {
    if (!(error instanceof NeverHappened)) throw error;
  }
}

interface Asked {
  readonly ip: string;
  readonly mac: string;
  readonly port: string;
}

function addressesOf(senders: readonly Sender[]): readonly Asked[] {
  return senders.flatMap((sender) =>
    stackAddresses(sender).flatMap((address) =>
      [address.ipv4, address.ipv6].map((ip) => ({ ip, mac: sender.mac, port: gatewayPort(address.network) })),
    ),
  );
}

/** Waits until the leaf has a line of this form for each address; returns the addresses without one. */
async function unanswered(
  node: Node,
  asked: readonly Asked[],
  form: string,
  afterMs: number,
): Promise<readonly string[]> {
  let without: readonly string[] = [];
  await untilOrNever(`${node.name} to have its answers`, afterMs, async () => {
    const { stdout } = await node.exec(['ip', 'neigh', 'show']);
    without = asked.flatMap(({ ip }) =>
      new RegExp(`^${ip.replaceAll('.', '\\.')} .*${form}`, 'm').test(stdout) ? [] : [ip],
    );
    return without.length === 0;
  });
  return without;
}

/**
 * A leaf re-validates its neighbor entries, as it does before they age out: its kernel sends unicast ARP requests and
 * Neighbor Solicitations, and the senders' kernels answer. Resolves when every entry is confirmed, or `afterMs` are
 * over, with the addresses that were not confirmed.
 */
export async function leafProbes(
  lab: Lab,
  leaf: string,
  senders: readonly Sender[],
  afterMs: number = DURATIONS.neighborAnswer,
): Promise<readonly string[]> {
  const node = lab.node(leaf);
  const asked = addressesOf(senders);
  await node.exec(['ip', '-batch', '-'], {
    input: asked.map(({ ip, mac, port }) => `neigh replace ${ip} lladdr ${mac} dev ${port} nud probe`).join('\n'),
  });
  return unanswered(node, asked, ' REACHABLE\\b', afterMs);
}

/**
 * A leaf without entries looks for the senders: broadcast ARP requests and multicast Neighbor Solicitations go to the
 * host, and the senders' kernels answer. Resolves when every sender was found, or `afterMs` are over, with the
 * addresses that the leaf did not learn.
 */
export async function leafResolves(
  lab: Lab,
  leaf: string,
  senders: readonly Sender[],
  afterMs: number = DURATIONS.neighborAnswer,
): Promise<readonly string[]> {
  const node = lab.node(leaf);
  const asked = addressesOf(senders);
  for (const port of new Set(asked.map((one) => one.port))) await node.exec(['ip', 'neigh', 'flush', 'dev', port]);
  const asking = await Promise.all(asked.map(({ ip }) => node.spawn(['ping', '-n', '-q', '-c', '1', ip])));
  const unknown = await unanswered(node, asked, 'lladdr ', afterMs);
  // Echo replies do not matter: they may come out at another leaf.
  await Promise.all(asking.map((ping) => ping.stop('SIGKILL')));
  return unknown;
}

/**
 * A sender forgets its gateway and sends to it: its kernel makes a broadcast ARP request and a multicast Neighbor
 * Solicitation.
 */
export async function resolveGateway(lab: Lab, sender: Sender): Promise<void> {
  const node = lab.node(sender.node);
  for (const address of stackAddresses(sender)) {
    const network = lab.topology.networks.find((one) => one.name === address.network);
    if (network === undefined) continue;
    await node.exec(['ip', 'neigh', 'flush', 'dev', sender.nic]);
    await Promise.all(
      [network.gateway4, network.gateway6].map((gateway) =>
        node.exec(['ping', '-n', '-c', '1', '-W', '1', gateway], { mayFail: true }),
      ),
    );
  }
}

/**
 * The result of DAD for an address: usable, a duplicate, or not finished; `returned` where the host gives senders their own frames
 * back, and a kernel that cannot recognize them takes them for another's.
 */
export type DuplicateDetection = 'usable' | 'duplicate' | 'tentative' | 'returned';

/** What a duplicate is on a host with these traits. */
export function dueToReturn(
  found: DuplicateDetection,
  nonce: boolean,
  { returnsOwn }: Pick<PlaneTraits, 'returnsOwn'>,
): DuplicateDetection {
  return found === 'duplicate' && !nonce && returnsOwn === true ? 'returned' : found;
}

/** Reads `ip -o -6 addr show` of one address. An address that is gone was given up. */
export function readDetection(shown: string): DuplicateDetection {
  if (shown.trim() === '' || shown.includes('dadfailed')) return 'duplicate';
  return shown.includes('tentative') ? 'tentative' : 'usable';
}

/**
 * An address is added and the sender's kernel runs Duplicate Address Detection (RFC 4862 5.4). Returns the result: a
 * frame that comes back to its sender is taken for another owner's, and the address is given up. One that is still
 * tentative after `neighborAnswer` tells nothing: the kernel had no time to finish.
 * @param nonce with the option of RFC 7527, by which a kernel recognizes its own frame
 */
export async function detectDuplicates(
  lab: Lab,
  sender: Sender,
  address: string,
  nonce: boolean,
): Promise<DuplicateDetection> {
  const node = lab.node(sender.node);
  await setSysctls(node, {
    [`net/ipv6/conf/${sender.nic}/enhanced_dad`]: nonce ? '1' : '0',
    'net/ipv6/conf/all/enhanced_dad': nonce ? '1' : '0',
    // No random delay before the first frame, and a short wait for objections after it.
    [`net/ipv6/conf/${sender.nic}/router_solicitation_delay`]: '0',
    [`net/ipv6/neigh/${sender.nic}/retrans_time_ms`]: '100',
  });
  await node.exec(['ip', 'addr', 'add', `${address}/64`, 'dev', sender.nic]);
  let found: DuplicateDetection = 'tentative';
  await untilOrNever(`${sender.node} to own ${address}`, DURATIONS.neighborAnswer, async () => {
    found = readDetection(
      (await node.exec(['ip', '-o', '-6', 'addr', 'show', 'dev', sender.nic, 'to', address])).stdout,
    );
    return found !== 'tentative';
  });
  return found;
}

/**
 * The sender's kernel announces its addresses unasked, as after a migration: gratuitous ARP and unsolicited Neighbor
 * Advertisement.
 */
export async function announce(lab: Lab, sender: Sender): Promise<void> {
  const node = lab.node(sender.node);
  await setSysctls(node, {
    [`net/ipv4/conf/${sender.nic}/arp_notify`]: '1',
    [`net/ipv6/conf/${sender.nic}/ndisc_notify`]: '1',
  });
  await node.exec(['ip', 'link', 'set', 'dev', sender.nic, 'address', sender.mac]);
}
