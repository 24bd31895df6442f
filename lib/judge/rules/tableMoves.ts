import type { EvidenceManifest, MacSnapshot } from '../../evidence/types.js';
import { groupBy } from '../../groupBy.js';
import { secondSendersOf } from '../../topology/secondHost.js';
import { sendersOf } from '../../topology/senders.js';
import type { Finding } from '../types.js';
import { listed, some } from '../tell/phrasing.js';

/**
 * P6: in the host's switch no sender's MAC may ever be on the bond or an uplink, and on a leaf it may only be on one
 * port. This holds for the host's own NIC and for VMs. Moves between two readings of the tables show in the switches'
 * own counters: nothing in a lab changes its port, but for VMs that move in from another host.
 */
export function tableMoves(manifest: EvidenceManifest): Finding[] {
  const { topology, movedIn = [] } = manifest;
  const names = new Map(sendersOf(topology).map((sender) => [sender.mac.toLowerCase(), sender.node]));
  const { bond } = topology.host.plane;
  const uplinks = new Set([...(bond === null ? [] : [bond]), ...topology.legs.map((leg) => leg.hostPort)]);
  const leaves = new Set(topology.leaves.map((leaf) => leaf.name));
  const onUplink = new Map<string, { sender: string; ports: Set<string>; count: number }>();
  const onLeaf = new Map<string, { leaf: string; sender: string; ports: Set<string>; count: number }>();
  for (const [at, snapshot] of manifest.macTables.entries()) {
    for (const entry of snapshot.entries) {
      const sender = names.get(entry.mac.toLowerCase());
      // When the window opened they were elsewhere, and rightly so.
      if (sender === undefined || (at === 0 && movedIn.includes(sender))) continue;
      if (entry.node === topology.host.node && uplinks.has(entry.port)) {
        const found = onUplink.get(sender) ?? { sender, ports: new Set(), count: 0 };
        onUplink.set(sender, found);
        found.ports.add(entry.port);
        found.count++;
      } else if (leaves.has(entry.node)) {
        const key = `${entry.node} ${sender}`;
        const found = onLeaf.get(key) ?? { leaf: entry.node, sender, ports: new Set(), count: 0 };
        onLeaf.set(key, found);
        found.ports.add(entry.port);
        found.count++;
      }
    }
  }
  const secondPorts = new Map(topology.secondHost?.legs.map(({ leaf, leafPort }) => [leaf, leafPort]));
  const second = new Map(secondSendersOf(topology).map(({ mac, node }) => [mac.toLowerCase(), node]));
  const strayed = manifest.macTables.flatMap(({ entries }) =>
    entries.filter(
      ({ node, mac, port }) => leaves.has(node) && second.has(mac.toLowerCase()) && port !== secondPorts.get(node),
    ),
  );
  const finding = (sender: string, count: number, sentence: string, leaf?: string): Finding => ({
    property: 'P6',
    signature: 'table-move',
    verdict: 'fail',
    ...(leaf === undefined ? {} : { leaf }),
    sender,
    count,
    probes: [],
    sentence,
  });
  // Each moves once in each switch, in each of its networks.
  const movesIn = sendersOf(topology)
    .filter(({ node }) => movedIn.includes(node))
    .reduce((sum, { addresses }) => sum + addresses.length, 0);
  return [
    ...[...onUplink.values()].map(({ sender, ports, count }) =>
      finding(
        sender,
        count,
        `The host's switch learned the MAC of ${sender} on ${listed([...ports].sort())}, where it can only come from a leaf (${some(count, 'table row')}).`,
      ),
    ),
    ...[...onLeaf.values()]
      .filter(({ ports }) => ports.size > 1)
      .map(({ leaf, sender, ports, count }) =>
        finding(
          sender,
          count,
          `The MAC of ${sender} moved between the ports ${listed([...ports].sort())} of ${leaf}.`,
          leaf,
        ),
      ),
    ...[...groupBy(strayed, ({ node, port, mac }) => `${node} ${port} ${mac}`).values()].flatMap(
      ([first, ...more]): readonly Finding[] => {
        if (first === undefined) return [];
        const sender = second.get(first.mac.toLowerCase()) ?? first.mac;
        return [
          finding(
            sender,
            more.length + 1,
            `${first.node} had the MAC of ${sender}, which is on ${topology.secondHost?.host.node ?? 'another host'}, behind its port ${first.port}.`,
            first.node,
          ),
        ];
      },
    ),
    ...[topology.host.node, ...leaves].flatMap((node): Finding[] => {
      const count = movesOf(node, manifest.macTables);
      return count <= movesIn
        ? []
        : [
            {
              property: 'P6',
              signature: 'table-move',
              verdict: 'fail',
              ...(leaves.has(node) ? { leaf: node } : {}),
              count,
              probes: [],
              sentence: `The switch of ${node} counted ${some(count, 'move')} of a MAC from one port to another; ${movesIn === 0 ? 'each stays where it is in this lab' : `VMs that moved in make ${movesIn} of them`}.`,
            },
          ];
    }),
  ].sort((a, b) => (a.sentence < b.sentence ? -1 : 1));
}

/**
 * How often a MAC has moved in a node's switch from the first reading to the last. A count that is smaller than the one
 * before comes from a restarted switch.
 */
function movesOf(node: string, snapshots: readonly MacSnapshot[]): number {
  const counts = snapshots.flatMap(({ moves }) => moves?.[node] ?? []);
  return counts
    .slice(1)
    .reduce((sum, count, before) => sum + (count < (counts[before] ?? 0) ? count : count - (counts[before] ?? 0)), 0);
}
