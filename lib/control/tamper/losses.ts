import type { Tamper } from './types.js';
import { ANY_UNICAST, ND, NEIGHBOR, REPLIES, rules, tagged, TCP, TWO_TAGS, unicast, type Frames } from './frames.js';
import type { Lab } from '../../testbed/lab.js';
import { ownVf } from '../../testbed/nics.js';
import { tcCopiesLost } from './tcCopies.js';
import { LOSE, SET_MARK, type Hook } from './hooks.js';
import {
  byRules,
  ifNdIsPromised,
  ifPromised,
  ifTaggedIsPromised,
  ifTwoTagsArePromised,
  ofLeaf,
  oneLeg,
  othersThan,
  toLeaf,
} from './make.js';

/**
 * A hook where a VM's frames come out at another VM of the host: at that VM's port, or, where they go inside of a NIC, at
 * the VM's own functions of it, before its bond.
 */
const betweenVms =
  (statement: (port: string) => string) =>
  ({ topology: { host, vms }, sriov }: Lab): readonly Hook[] =>
    vms.flatMap((vm): readonly Hook[] => {
      const rules = (port: string) =>
        vms.filter((other) => other !== vm).map(({ mac }) => `ether saddr ${mac} ${statement(port)}`);
      if (sriov === undefined) return [{ node: host.node, port: vm.hostPort, at: 'egress', rules: rules(vm.hostPort) }];
      return sriov.nics.map((_, nic) => ({
        node: vm.node,
        port: ownVf(nic),
        at: 'ingress',
        rules: rules(ownVf(nic)),
      }));
    });

/** Some neighbor frames that are lost on one leg. */
const loseOnOneLeg = (name: string, description: string, frames: Frames, suits: Tamper['suits'] = () => true): Tamper =>
  byRules({ name, description, mustFind: ['missing'], suits }, (lab) => [
    toLeaf(lab, oneLeg(lab), rules(frames, LOSE)),
  ]);

const onOneLegOnly = byRules(
  {
    name: 'lose-on-all-but-one',
    description: 'Neighbor frames leave on the first leg only.',
    mustFind: ['missing'],
  },
  (lab) => othersThan(lab, oneLeg(lab)).map((leg) => toLeaf(lab, leg, rules(NEIGHBOR, LOSE))),
);

/** On a leg that stands by there are copies alone, and who makes them is not known. */
const loseOnAllButOne: Tamper = {
  ...onOneLegOnly,
  changes: (lab) => [...onOneLegOnly.changes(lab), tcCopiesLost(lab, othersThan(lab, oneLeg(lab)))],
};

/**
 * What a policer lets through at once, and in each second: little, for a guest whose CPU is emulated sends 3,000 frames in
 * 25 to 110 s, and all of them came through at 100 a second.
 */
const POLICED = { burst: 100, perSecond: 5 } as const;

/** Tampers that lose frames. */
export const LOSSES: readonly Tamper[] = [
  loseOnOneLeg('lose-on-one-leg', 'Neighbor frames never leave on the first leg.', NEIGHBOR),
  loseOnAllButOne,
  loseOnOneLeg(
    'lose-replies',
    'ARP replies and Neighbor Advertisements never leave on the first leg.',
    REPLIES,
    ifPromised(['arp-reply-unicast', 'na-solicited']),
  ),
  loseOnOneLeg(
    'lose-unicast',
    'Unicast neighbor frames never leave on the first leg.',
    unicast(NEIGHBOR),
    ifPromised(['arp-request-unicast', 'arp-reply-unicast', 'ns-unicast', 'na-solicited']),
  ),
  loseOnOneLeg('lose-nd', 'Neighbor Discovery never leaves on the first leg; ARP does.', ND, ifNdIsPromised),
  loseOnOneLeg(
    'lose-tagged',
    'Neighbor frames with a VLAN tag never leave on the first leg.',
    tagged(NEIGHBOR),
    ifTaggedIsPromised,
  ),
  loseOnOneLeg(
    'lose-two-tags',
    'Neighbor frames with two VLAN tags never leave on the first leg.',
    TWO_TAGS,
    ifTwoTagsArePromised,
  ),
  byRules(
    {
      name: 'police',
      description: `On the first leg ${POLICED.burst} frames of each form of ARP and ND get through at once, and ${POLICED.perSecond} a second.`,
      mustFind: ['missing'],
    },
    // Like a switch port that polices frames to its CPU; a few frames at a time never reach the limit.
    (lab) => [
      toLeaf(
        lab,
        oneLeg(lab),
        rules(NEIGHBOR, `limit rate over ${POLICED.perSecond}/second burst ${POLICED.burst} packets ${LOSE}`),
      ),
    ],
  ),
  byRules({ name: 'lose-tcp', description: 'TCP frames never leave, on any leg.', mustFind: ['data-lost'] }, (lab) =>
    lab.topology.legs.map((leg) => toLeaf(lab, leg, rules(TCP, LOSE))),
  ),
  byRules(
    {
      name: 'lose-inbound',
      description: 'Unicast frames from the leaves never arrive at the host.',
      mustFind: ['missing-inbound'],
    },
    ({ topology: { legs } }) => legs.map((leg) => ofLeaf(leg, rules(ANY_UNICAST, LOSE))),
  ),
  byRules(
    {
      name: 'lose-on-host',
      description: 'Frames between VMs on one host never arrive.',
      mustFind: ['missing-on-host'],
      suits: ({ profile, traits }) => profile.deliversOnHost === true && traits.onHost !== 'nobody',
    },
    betweenVms(() => LOSE),
  ),
  byRules(
    {
      name: 'double-on-host',
      description: 'Frames between VMs on one host arrive twice.',
      mustFind: ['duplicate'],
      // Without a promise about delivery on the host, loss there is no failure. What a NIC hands over cannot be doubled.
      suits: ({ profile, traits }) => profile.deliversOnHost !== true && traits.onHost !== 'joined',
    },
    betweenVms((port) => `${SET_MARK} dup to "${port}"`),
  ),
];
