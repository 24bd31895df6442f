import { STORM_COPIES } from '../../judge/read/sightingBits.js';
import type { Leg } from '../../topology/model.js';
import { ALL, LINK_LOCAL, LLDP, NEIGHBOR, OTHER_ICMP6, rules, type Frames } from './frames.js';
import { SET_MARK } from './hooks.js';
import { byRules, fromLeaf, oneLeg, othersThan, toLeaf } from './make.js';
import type { Tamper } from './types.js';

/**
 * A copy for each of these ports. The mark first: a copy passes hooks again, also this one, until the kernel ends it at
 * 2+2.
 */
const copyTo = (...ports: readonly string[]): string =>
  [SET_MARK, ...ports.map((port) => `dup to "${port}"`)].join(' ');

const hostPorts = (legs: readonly Leg[]): readonly string[] => legs.map((leg) => leg.hostPort);

/** One frame in this many. */
const SELDOM = 5;

/** Frames that the replicator must leave alone, copied to every other leg. */
const copyToOthers = (name: string, description: string, frames: Frames, spared: Frames): Tamper =>
  byRules({ name, description, mustFind: ['data-replicated'] }, (lab) =>
    lab.topology.legs.map((leg) =>
      toLeaf(lab, leg, [...rules(spared, 'accept'), ...rules(frames, copyTo(...hostPorts(othersThan(lab, leg))))]),
    ),
  );

/** Tampers that add frames that should not arrive. */
export const COPIES: readonly Tamper[] = [
  byRules(
    { name: 'double', description: 'Every neighbor frame leaves twice on each leg.', mustFind: ['duplicate'] },
    (lab) => lab.topology.legs.map((leg) => toLeaf(lab, leg, rules(NEIGHBOR, copyTo(leg.hostPort)))),
  ),
  byRules(
    {
      name: 'double-some',
      description: `On one leg one in ${SELDOM} neighbor frames leaves twice.`,
      mustFind: ['duplicate'],
    },
    (lab) => {
      const leg = oneLeg(lab);
      return [toLeaf(lab, leg, rules(NEIGHBOR, `numgen inc mod ${SELDOM} 0 ${copyTo(leg.hostPort)}`))];
    },
  ),
  byRules(
    {
      name: 'storm',
      description: `Every neighbor frame leaves ${STORM_COPIES + 1} times on one leg.`,
      mustFind: ['storm'],
    },
    (lab) => {
      const leg = oneLeg(lab);
      return [toLeaf(lab, leg, rules(NEIGHBOR, copyTo(...Array<string>(STORM_COPIES).fill(leg.hostPort))))];
    },
  ),
  copyToOthers('copy-data', 'Every frame that is no neighbor frame leaves on every leg.', ALL, [
    ...NEIGHBOR,
    ...LINK_LOCAL,
  ]),
  copyToOthers(
    'copy-icmp6',
    'Router messages and echo of ICMPv6 leave on every leg, as if they were ND.',
    OTHER_ICMP6,
    [],
  ),
  byRules(
    {
      name: 'copy-lldp',
      description: 'LLDP frames of VMs leave on every leg.',
      mustFind: ['data-replicated'],
    },
    (lab) => {
      const { host, vms, legs } = lab.topology;
      // Out of a NIC it comes as everything does.
      if (lab.sriov !== undefined)
        return legs.map((leg) => toLeaf(lab, leg, rules(LLDP, copyTo(...hostPorts(othersThan(lab, leg))))));
      // Copied where it enters the host: bridges do not forward it.
      return vms.map((vm) => ({
        node: host.node,
        port: vm.hostPort,
        at: 'ingress',
        rules: rules(LLDP, copyTo(...hostPorts(legs))),
      }));
    },
  ),
  byRules(
    {
      name: 'pin-data',
      description: 'All data leaves on one leg, whatever the bond chose.',
      mustFind: ['data-not-spread'],
      suits: ({ traits }) => traits.spreads !== 'no',
    },
    (lab) => {
      const chosen = oneLeg(lab);
      return othersThan(lab, chosen).map((leg) =>
        toLeaf(lab, leg, [...rules([...NEIGHBOR, ...LINK_LOCAL], 'accept'), `${SET_MARK} fwd to "${chosen.hostPort}"`]),
      );
    },
  ),
  byRules(
    {
      name: 'reflect',
      description: 'What a leaf sends comes out again at every other leaf.',
      mustFind: ['reflection'],
    },
    (lab) =>
      lab.topology.legs.map((leg) =>
        fromLeaf(lab, leg, [...rules(LINK_LOCAL, 'accept'), copyTo(...hostPorts(othersThan(lab, leg)))]),
      ),
  ),
  byRules(
    {
      name: 'hairpin',
      description:
        'What a leaf sends comes out again at that leaf, so that it finds all of these MACs behind this host.',
      mustFind: ['reflection'],
    },
    (lab) => lab.topology.legs.map((leg) => fromLeaf(lab, leg, [...rules(LINK_LOCAL, 'accept'), copyTo(leg.hostPort)])),
  ),
];
