import { DURATIONS } from '../../durations.js';
import type { Lab } from '../../testbed/lab.js';
import type { Leg } from '../../topology/model.js';
import { ARP, LACPDUS, NEIGHBOR, rules, tagged, TWO_TAGS, type Frames } from './frames.js';
import { hooked, hookTries, type Hook } from './hooks.js';
import { ifTaggedIsPromised, ifTwoTagsArePromised, ofLeaf, oneLeg, othersThan, toLeaf, type Told } from './make.js';
import { pipe, relayPipe, type RelayOptions } from './pipes.js';
import type { Tamper } from './types.js';

/** How the relay program sends: `instead` of the frames that it takes, or `besides` them. */
interface RelayedFrames extends Omit<RelayOptions, 'node' | 'to'> {
  readonly frames: Frames;
  readonly as: 'instead' | 'besides';
  /** Frames that the leaf sends, not the host. */
  readonly ofLeaf?: boolean;
  /** Legs on which frames are taken, and the leg on which the relay sends; by default the same leg. */
  readonly way?: (lab: Lab) => { readonly from: readonly Leg[]; readonly to: Leg };
}

/** Made of what leaves on any leg: a sender's frames may all leave on another one, and be on this one as copies of tc alone. */
const fromAll = (lab: Lab) => ({ from: lab.topology.legs, to: oneLeg(lab) });

const oneWay = (lab: Lab) => ({ from: [oneLeg(lab)], to: oneLeg(lab) });

function byRelay(told: Told, { frames, as, way = oneWay, ofLeaf: isLeafs = false, ...options }: RelayedFrames): Tamper {
  const verb = as === 'instead' ? 'fwd' : 'dup';
  const hooksOf = (lab: Lab): readonly Hook[] =>
    way(lab).from.map((leg) => {
      const taken = rules(frames, `${verb} to "${pipe(0).near}"`);
      return isLeafs ? ofLeaf(leg, taken) : toLeaf(lab, leg, taken);
    });
  const outOf = (lab: Lab): Pick<RelayOptions, 'node' | 'to'> => {
    const { leaf, leafPort, hostPort } = way(lab).to;
    return isLeafs ? { node: leaf, to: leafPort } : { node: lab.topology.host.node, to: hostPort };
  };
  return {
    ...told,
    needs: ['deploy'],
    tries: (lab) => hookTries(hooksOf(lab)),
    changes: (lab) => [relayPipe(told.name, lab, 0, { ...options, ...outOf(lab) }), hooked(told.name, hooksOf(lab))],
  };
}

/**
 * A tamper by a program that takes frames off the wire and puts others there: for what the kernel's hooks cannot do.
 */
export const RELAYED: readonly Tamper[] = [
  byRelay(
    {
      name: 'delay',
      description: `On one leg neighbor frames leave ${DURATIONS.heldBack / 1000} s late.`,
      mustFind: ['late'],
      actsLate: true,
    },
    { action: 'hold', ms: DURATIONS.heldBack, frames: NEIGHBOR, as: 'instead' },
  ),
  byRelay(
    {
      name: 'repeat',
      description: `On one leg neighbor frames leave in time, and again ${DURATIONS.heldBack / 1000} s later.`,
      mustFind: ['duplicate'],
      actsLate: true,
    },
    { action: 'hold', ms: DURATIONS.heldBack, frames: NEIGHBOR, as: 'besides' },
  ),
  byRelay(
    {
      name: 'skew',
      description: `On one leg neighbor frames leave ${DURATIONS.heldALittle} ms late: in time for a leaf, and further apart than was promised.`,
      mustFind: ['skew'],
      actsLate: true,
      suits: ({ profile }) => profile.maxSkewNs !== undefined && profile.maxSkewNs < DURATIONS.heldALittle * 1e6,
    },
    { action: 'hold', ms: DURATIONS.heldALittle, frames: NEIGHBOR, as: 'instead' },
  ),
  byRelay(
    {
      name: 'strip-tag',
      description: 'On one leg neighbor frames leave without their VLAN tag.',
      mustFind: ['identity'],
      suits: ifTaggedIsPromised,
    },
    { action: 'untag', frames: tagged(NEIGHBOR), as: 'instead' },
  ),
  byRelay(
    {
      name: 'strip-inner-tag',
      description: 'On one leg neighbor frames with two VLAN tags leave without the inner one.',
      mustFind: ['identity'],
      suits: ifTwoTagsArePromised,
    },
    { action: 'untag-inner', frames: TWO_TAGS, as: 'instead' },
  ),
  byRelay(
    {
      name: 'invent',
      description:
        'On one leg a gratuitous ARP reply in the name of each sender announces an address that the sender does not have.',
      mustFind: ['invented'],
    },
    { action: 'announce-foreign', frames: ARP, as: 'besides', way: fromAll },
  ),
  byRelay(
    {
      name: 'invent-stranger',
      description: 'On one leg a MAC that nothing has claims the addresses of the senders by gratuitous ARP.',
      mustFind: ['invented'],
    },
    { action: 'announce-stranger', frames: ARP, as: 'besides', way: fromAll },
  ),
  // Not by a rule: Linux 7.3.4 writes into no LACPDU, from whatever header on (net/netfilter/nft_payload.c).
  byRelay(
    {
      name: 'split-partner',
      description:
        "On one leg the leaf's LACPDUs name another system, so that the leaves are no single partner to the bond.",
      mustFind: ['split-aggregator'],
      suits: ({ traits }) => traits.lacp,
      ready: (trial) => trial.partnersDiffer(),
    },
    { action: 'name-other-system', frames: LACPDUS, as: 'instead', ofLeaf: true },
  ),
  byRelay(
    {
      name: 'send-to-dead-leg',
      description: 'While one leg has no carrier, copies of what leaves on the others are sent there.',
      mustFind: ['copy-to-dead-leg'],
      suits: ({ profile }) => profile.deadLegMustBeSilent,
    },
    {
      action: 'while-dark',
      frames: NEIGHBOR,
      as: 'besides',
      way: (lab) => ({ from: othersThan(lab, oneLeg(lab)), to: oneLeg(lab) }),
    },
  ),
];
