import { lacking, offer } from '../testbed/capability.js';
import type { Leg } from '../topology/model.js';
import type { Fault, FaultEffect, NoArguments } from './fault.js';
import { lackingRules, wireChange, type Direction } from './wireRules.js';

/** The common part of all faults of a wire with carrier: some of its frames are dropped. */
interface WireFault<A extends object> extends Omit<Fault<A>, 'plan' | 'effects'> {
  readonly directions: readonly Direction[];
  /** An nft statement; applied to each frame in these directions. */
  readonly statement: (args: A) => string;
  readonly begin: (leg: Leg) => readonly FaultEffect[];
  readonly end: (leg: Leg) => readonly FaultEffect[];
}

function wireFault<A extends object>({ directions, statement, begin, end, ...fault }: WireFault<A>): Fault<A> {
  return {
    ...fault,
    async plan(site, args) {
      const { drops } = site.lab.link(site.leg.name);
      if (drops !== undefined) {
        const { name: verb, title } = fault;
        const said = statement(args);
        return drops({ verb, title, directions, statement: said, isWhole: !said.startsWith('numgen') });
      }
      const lack = await lackingRules(fault.name, site, statement(args));
      return lack === null ? offer(wireChange(fault, site, directions, statement(args))) : lacking(lack);
    },
    effects: ({ leg }) => ({ begin: begin(leg), end: end(leg) }),
  };
}

type WireState = Extract<FaultEffect, { readonly type: 'wire' }>['state'];

const wire = (state: WireState, ...directions: readonly Direction[]) => ({
  directions,
  begin: (leg: Leg) => directions.map((direction) => ({ type: 'wire', leg: leg.name, direction, state }) as const),
  end: (leg: Leg) =>
    directions.map((direction) => ({ type: 'wire', leg: leg.name, direction, state: 'whole' }) as const),
});

export const mute = wireFault<NoArguments>({
  name: 'mute',
  undoName: 'unmute',
  title: 'nothing from the host arrives at the leaf',
  undoTitle: 'frames from the host arrive at the leaf again',
  pastTense: 'muted',
  whatATechnicianSees:
    "Both link lights are on. The leaf's receive counter stands still while the host's transmit counter runs: a dead transmitter, or one broken fibre of two.",
  bond: 'reacts by LACP',
  waitsFor: 'bond and replicator',
  defaults: {},
  statement: () => 'drop',
  ...wire('lost', 'to-leaf'),
});

export const deafen = wireFault<NoArguments>({
  name: 'deafen',
  undoName: 'undeafen',
  title: 'nothing from the leaf arrives at the host',
  undoTitle: 'frames from the leaf arrive at the host again',
  pastTense: 'deafened',
  whatATechnicianSees:
    "Both link lights are on. The host's receive counter stands still while the leaf's transmit counter runs; what the host sends arrives.",
  bond: 'reacts by LACP',
  waitsFor: 'bond and replicator',
  defaults: {},
  statement: () => 'drop',
  ...wire('lost', 'to-host'),
});

export interface LoseArguments {
  /** Of all frames, 0..1. */
  readonly share: number;
}

/** Resolution of the share. */
const PARTS = 10_000;

export const lose = wireFault<LoseArguments>({
  name: 'lose',
  undoName: 'unlose',
  title: 'frames are lost at random',
  undoTitle: 'no frame is lost any more',
  pastTense: 'losing frames',
  whatATechnicianSees:
    'The link lights are on and both sides exchange frames, but error counters run: a dirty connector or a dying optic loses a share of all frames, in both directions.',
  bond: 'does not react',
  waitsFor: 'nothing',
  defaults: { share: 0.3 },
  statement: ({ share }) => {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`a share of frames is from 0 to 1, not ${share}`);
    const lost = Math.round(share * PARTS);
    // nft refuses a comparison that is always true.
    return lost === PARTS ? 'drop' : `numgen random mod ${PARTS} < ${lost} drop`;
  },
  ...wire('lossy', 'to-leaf', 'to-host'),
});

export const silenceLacp = wireFault<NoArguments>({
  name: 'silenceLacp',
  undoName: 'unsilenceLacp',
  title: "the partner's LACP is dead, the carrier is not",
  undoTitle: 'LACP is heard again',
  pastTense: 'without LACP',
  whatATechnicianSees:
    'The link lights stay on and data still flows at first. LACPDUs stop; after 3 s (fast rate; 90 s with the slow rate, IEEE 802.1AX 6.4.4) both sides take the port out of the aggregator.',
  bond: 'reacts by LACP',
  waitsFor: 'bond and replicator',
  defaults: {},
  directions: ['to-leaf', 'to-host'],
  // Slow protocols (IEEE 802.3 annex 57A).
  statement: () => 'ether type 0x8809 drop',
  begin: (leg) => [{ type: 'partner', leg: leg.name, state: 'silent' }],
  end: (leg) => [{ type: 'partner', leg: leg.name, state: 'speaking' }],
});
