import type { Topology } from '../topology/model.js';
import { sendersOf } from '../topology/senders.js';
import { lacking, offer, type Lack, type Offer } from './capability.js';
import type { Lab } from './lab.js';
import type { TestPort } from './port.js';
import type { Need, Spot } from './testbed.js';

function portsAt(lab: Lab, spot: Spot): readonly TestPort[] {
  const { topology } = lab;
  if (spot === 'sender') return sendersOf(topology).map(({ node, nic }) => lab.port(node, nic));
  return topology.legs.map((leg) =>
    spot === 'leg' ? lab.port(topology.host.node, leg.hostPort) : lab.port(leg.leaf, leg.leafPort),
  );
}

const NO_SRIOV = lacking({
  what: 'NICs with SR-IOV',
  command: 'everyleaf run --testbed vm',
  output: 'only the guests of --testbed vm have such NICs',
});

const NO_VIRTIO = lacking({
  what: 'virtio NICs at both ends of each leg',
  command: 'everyleaf run --testbed vm',
  output: 'only the guests of --testbed vm have such NICs',
});

/** What a lab must have for its own wiring. */
export const wiringNeeds = ({ nics }: Pick<Topology, 'nics'>): readonly Need[] =>
  nics === undefined ? [] : [`nic:${nics}`];

async function offersOf(lab: Lab, need: Need): Promise<readonly Offer<unknown>[]> {
  const [what, spot] = need.split(':');
  if (spot === 'sender' || spot === 'leg' || spot === 'leaf')
    return portsAt(lab, spot).map((port) => (what === 'inject' ? port.inject : port.tap));
  if (need === 'nic:sriov') return [lab.sriov === undefined ? NO_SRIOV : offer(lab.sriov)];
  if (need === 'nic:virtio') return [lab.cables === undefined ? NO_VIRTIO : offer(lab.cables)];
  const links = lab.topology.legs.map((leg) => lab.link(leg.name));
  if (need === 'cut') return links.map((link) => link.cut);
  if (need === 'shut') return links.map((link) => link.shut);
  if (need === 'terminal') return lab.nodes.map((node) => node.terminal);
  return Promise.all(lab.nodes.map((node) => node.deploy('')));
}

/**
 * The needs that a lab cannot meet, and the commands that showed it. Where many ports lack the same, only the first is
 * reported.
 */
export async function unmetNeeds(lab: Lab, needs: readonly Need[]): Promise<readonly Lack[]> {
  const first = await Promise.all(
    needs.map(async (need) => (await offersOf(lab, need)).find((offered) => !offered.ok)),
  );
  return first.flatMap((offered) => (offered === undefined ? [] : [offered.lack]));
}
