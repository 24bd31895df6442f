import type { Lab } from '../../testbed/lab.js';
import type { Leg } from '../../topology/model.js';
import { hooked, hookTries, type Hook } from './hooks.js';
import { dutyOf } from '../../profile/duty.js';
import type { KindId, TagForm } from '../../wire/kinds.js';
import type { Tamper, TamperSite } from './types.js';

/** What describes a tamper, apart from its changes. */
export type Told = Pick<Tamper, 'name' | 'description' | 'mustFind' | 'actsLate' | 'suits' | 'lacks' | 'ready'>;

const NS_AND_NA: readonly KindId[] = ['ns-multicast', 'ns-dad', 'ns-unicast', 'na-solicited', 'na-unsolicited'];
const ARP_FORMS: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-request-unicast',
  'arp-reply-unicast',
  'garp-reply',
];

/** Only where the replicator promises copies of all of these, in each form: elsewhere nothing could be missed. */
export const ifPromised =
  (kinds: readonly KindId[], forms: readonly TagForm[] = ['untagged', 'tagged']) =>
  ({ profile }: TamperSite): boolean =>
    kinds.every((kind) => forms.every((form) => dutyOf(profile, kind, form) === 'replicated'));

export const ifNdIsPromised = ifPromised(NS_AND_NA);
export const ifTaggedIsPromised = ifPromised([...ARP_FORMS, ...NS_AND_NA], ['tagged']);

export const ifTwoTagsArePromised = ifPromised([...ARP_FORMS, ...NS_AND_NA], ['qinq']);

/** A tamper made of rules on wires alone. */
export function byRules(told: Told, hooksOf: (lab: Lab) => readonly Hook[]): Tamper {
  return {
    ...told,
    tries: (lab) => hookTries(hooksOf(lab)),
    changes: (lab) => [hooked(told.name, hooksOf(lab))],
  };
}

/** What the host sends on a leg. */
export const toLeaf = ({ topology: { host } }: Lab, leg: Leg, rules: readonly string[]): Hook => ({
  node: host.node,
  port: leg.hostPort,
  at: 'egress',
  rules,
});

/**
 * What the host receives on a leg. Rules can copy it but not lose it: captures and user-space switches have already
 * seen it (net/core/dev.c).
 */
export const fromLeaf = ({ topology: { host } }: Lab, leg: Leg, rules: readonly string[]): Hook => ({
  node: host.node,
  port: leg.hostPort,
  at: 'ingress',
  rules,
});

/** What a leaf sends on a leg: only here can frames to the host be lost or changed. */
export const ofLeaf = (leg: Leg, rules: readonly string[]): Hook => ({
  node: leg.leaf,
  port: leg.leafPort,
  at: 'egress',
  rules,
});

/** The leg for tampers that touch one leg only. Throws RangeError where a topology has none. */
export function oneLeg({ topology: { legs } }: Lab): Leg {
  const [leg] = legs;
  if (leg === undefined) throw new RangeError('a host without a leg has no wire to tamper with');
  return leg;
}

/** All legs but this one. */
export const othersThan = ({ topology: { legs } }: Lab, leg: Leg): readonly Leg[] => legs.filter((one) => one !== leg);
