import type { Lab } from '../../testbed/lab.js';
import { ARP_REPLIES, inVlan, NEIGHBOR, rules, setVlan, type Frames } from './frames.js';
import { hooked, hookTries, type Hook } from './hooks.js';
import { toLeaf, type Told } from './make.js';
import { pipe, returnPipe, returnTries } from './pipes.js';
import type { Tamper } from './types.js';

/** Copies of frames come back in on the leg on which they left; on the way `altered` may change them. */
function byReturn(told: Told, frames: Frames, altered: (lab: Lab) => readonly string[] = () => []): Tamper {
  const hooksOf = (lab: Lab): readonly Hook[] =>
    lab.topology.legs.flatMap((leg, index) => [
      toLeaf(lab, leg, rules(frames, `dup to "${pipe(index).near}"`)),
      ...(altered(lab).length === 0
        ? []
        : [{ node: lab.topology.host.node, port: pipe(index).near, at: 'egress' as const, rules: altered(lab) }]),
    ]);
  return {
    ...told,
    tries: (lab) => [...hookTries(hooksOf(lab)), ...returnTries(lab.topology.host.node)],
    changes: (lab) => [
      ...lab.topology.legs.map((leg, index) =>
        returnPipe(`${told.name} on ${leg.name}`, lab.topology.host.node, leg.hostPort, index),
      ),
      hooked(told.name, hooksOf(lab)),
    ],
  };
}

/** Each VLAN of the topology becomes the next one. */
function nextVlans({ topology }: Lab): readonly string[] {
  const vids = topology.networks.flatMap(({ vlan }) => vlan ?? []);
  return vids.flatMap((vid, index) => rules(inVlan(vid), `${setVlan(vids[(index + 1) % vids.length] ?? vid)} accept`));
}

const toAll = (frames: Frames): Frames => frames.map((frame) => `ether daddr ff:ff:ff:ff:ff:ff ${frame}`);

/** Tampers that send frames back to the host that sent them. */
export const RETURNS: readonly Tamper[] = [
  byReturn(
    {
      name: 'echo',
      description: 'Neighbor frames come back in on the leg on which they left.',
      mustFind: ['returned-to-sender'],
    },
    NEIGHBOR,
  ),
  byReturn(
    {
      name: 'move-table',
      description: "Gratuitous ARP replies come back in on a leg, so that the host's switch finds their MAC there.",
      mustFind: ['table-move'],
      suits: ({ traits }) => traits.learnsLegs !== false,
    },
    toAll(ARP_REPLIES),
  ),
  byReturn(
    {
      name: 'leak-vlan',
      description: 'Neighbor frames come back in on a leg, in another VLAN.',
      mustFind: ['vlan-leak'],
      lacks: ({ topology }) =>
        topology.networks.filter(({ vlan }) => vlan !== null).length > 1
          ? null
          : {
              what: 'the tamper leak-vlan',
              command: `everyleaf check ${topology.name}.yaml`,
              output: `${topology.name} has no two VLANs`,
            },
    },
    NEIGHBOR,
    nextVlans,
  ),
];
