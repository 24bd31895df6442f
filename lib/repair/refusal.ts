import type { Binding } from '../binding/schema.js';
import type { Topology } from '../topology/model.js';
import type { Ways } from './ways.js';

/**
 * Faults that a binding must allow by name (leaves.<leaf>.faults). `adminDown`, of a port at either end of a leg, is allowed
 * where `unplug` is: it does no more.
 */
export type AllowedVerb = 'unplug' | 'adminDown' | 'rebootLeaf' | RuleVerb;

/** Those that are made by rules at the port of a leg that sends; allowed by name in leaves.<leaf>.faults.rules. */
export const RULE_VERBS = ['silenceLacp', 'mute', 'deafen', 'lose'] as const;
export type RuleVerb = (typeof RULE_VERBS)[number];

const isRule = (verb: AllowedVerb): verb is RuleVerb => RULE_VERBS.some((one) => one === verb);

/** What is about to be broken. */
export interface WantedFault {
  readonly verb: AllowedVerb;
  readonly leg: string;
  /** Where something is really done: a machine, and a port of it as it calls it; null for all of the machine. */
  readonly machine: string;
  readonly port: string | null;
}

export interface FaultSurroundings {
  readonly binding: Binding;
  readonly topology: Topology;
  /** By machine: see ways.ts. */
  readonly ways: ReadonlyMap<string, Ways>;
  /** Legs that are up now, by name. */
  readonly legsUp: readonly string[];
  /** The scenario is about a host without any leg. */
  readonly mayLoseAll: boolean;
}

/**
 * Why a fault may not be made on real machines; null when it may. To be asked before a guard is armed. What is not known
 * refuses: a fault that cuts us off is undone by its guard alone.
 */
export function faultRefusal(wanted: WantedFault, around: FaultSurroundings): string | null {
  return notAllowed(wanted, around) ?? cutsOff(wanted, around) ?? lastLeg(wanted, around);
}

function notAllowed(
  { verb, leg: legName, machine, port }: WantedFault,
  { binding, topology }: FaultSurroundings,
): string | null {
  const leg = topology.legs.find(({ name }) => name === legName);
  if (leg === undefined) return `there is no leg ${legName}`;
  const leaf = binding.leaves[leg.leaf];
  const { unplug, rebootLeaf, rules = [] } = leaf?.faults ?? {};
  const key = verb === 'adminDown' ? 'unplug' : isRule(verb) ? 'rules' : verb;
  const add = `the binding does not allow ${verb} at ${leg.leaf}: leaves.${leg.leaf}.faults.${key} is not there`;
  if (leaf === undefined) return add;
  if (verb === 'rebootLeaf') {
    if (rebootLeaf !== true && rebootLeaf !== 'yes') return add;
    return machine === leaf.machine && port === null
      ? null
      : `${leg.leaf} is ${leaf.machine}: nothing else is rebooted for it`;
  }
  const isHostEnd = machine === binding.host.machine && port === binding.host.ports[leg.hostPort];
  const isLeafEnd = machine === leaf.machine && port === leaf.ports[leg.leafPort];
  if (isRule(verb)) {
    if (!rules.includes(verb)) return add.replace(/ is not there$/, ` does not have ${verb}`);
    const sends = (verb !== 'deafen' && isHostEnd) || (verb !== 'mute' && isLeafEnd);
    return port !== null && sends
      ? null
      : `${machine} ${port ?? ''} is not the end of ${legName} that sends what ${verb} is about`;
  }
  if (unplug === undefined) return add;
  if (verb === 'adminDown') {
    return port !== null && (isHostEnd || isLeafEnd)
      ? null
      : `${machine} ${port ?? ''} is at neither end of ${legName}: it is not shut`;
  }
  const place =
    unplug.by === 'self'
      ? { machine: leaf.machine, port: leaf.ports[leg.leafPort] }
      : { machine: unplug.by, port: unplug.port };
  if (place.machine === machine && place.port === port) return null;
  return `${machine} ${port ?? ''} is not where the binding has ${legName} unplugged: that is ${place.machine} ${place.port ?? ''}`;
}

function cutsOff({ verb, machine, port }: WantedFault, { binding, ways }: FaultSurroundings): string | null {
  if (verb === 'rebootLeaf') {
    const behind = Object.entries(binding.machines).filter(([, { via = [] }]) => via.includes(machine));
    if (behind.length > 0)
      return `${machine} is the way to ${behind.map(([name]) => name).join(', ')}: it is not rebooted`;
    if ('at' in binding.lease && binding.lease.at === machine) return `${machine} keeps the lease: it is not rebooted`;
    return null;
  }
  const of = ways.get(machine);
  if (of === undefined) return `by which of its interfaces ${machine} is reached was not asked`;
  if (of.carriers === null)
    return `by which of its interfaces ${machine} is reached could not be found out: ${of.said}`;
  return of.carriers.includes(port ?? '')
    ? `${port ?? ''} of ${machine} carries the way to this machine or to another one`
    : null;
}

function lastLeg({ leg, verb }: WantedFault, { topology, legsUp, mayLoseAll }: FaultSurroundings): string | null {
  if (mayLoseAll) return null;
  const leaf = topology.legs.find(({ name }) => name === leg)?.leaf;
  const hit = topology.legs.filter((other) => other.name === leg || (verb === 'rebootLeaf' && other.leaf === leaf));
  const stay = legsUp.filter((name) => !hit.some((other) => other.name === name));
  return stay.length > 0 ? null : `${leg} is the last leg that is up, and the scenario is not about a host without any`;
}
