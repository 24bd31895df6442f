import { setTimeout as wait } from 'node:timers/promises';
import { ageing } from '../../dataplane/changes.js';
import { fdbOf } from '../../dataplane/tables.js';
import { planeName } from '../../dataplane/traits.js';
import { DURATIONS } from '../../durations.js';
import { unknownSenders, type Silence } from '../../stimulus/silence.js';
import {
  announce,
  detectDuplicates,
  dueToReturn,
  leafProbes,
  leafResolves,
  resolveGateway,
  type DuplicateDetection,
} from '../../stimulus/stacks.js';
import { need } from '../../testbed/capability.js';
import type { Sender } from '../../topology/model.js';
import { senderNamed } from '../../topology/senders.js';
import { unlessNever, until } from '../../until.js';
import { letSpeak, mark, skipPart, type Window } from '../window.js';

/** The kernels of senders and leaves, made to speak. */
export interface Stacks {
  /** Leaves whose frames the host takes now: all, or only the leaf of the active leg. */
  heardLeaves(): Promise<readonly string[]>;
  /**
   * Leaves whose broadcast and multicast frames the host takes now: where the bond hashes only addresses, only those of
   * one leg.
   */
  broadcastHeardLeaves(): Promise<readonly string[]>;
  /**
   * No endpoint sends for minutes (only the bond and its partners, LACP), and every switch forgets the senders; the
   * result shows whether it did.
   */
  idle(): Promise<Silence>;
  /**
   * A leaf that knows none of these senders asks for them, and their kernels answer; returns the addresses that it did
   * not learn.
   */
  leafResolves(leaf: string, senders: readonly string[]): Promise<readonly string[]>;
  /**
   * A leaf re-validates its entries for these senders, and their kernels answer; returns the addresses that were not
   * confirmed.
   */
  leafProbes(leaf: string, senders: readonly string[]): Promise<readonly string[]>;
  /** A sender's kernel forgets its gateway and looks for it again. */
  resolveGateway(sender: string): Promise<void>;
  /** A sender's kernel announces its addresses unasked. */
  announce(sender: string): Promise<void>;
  /**
   * A sender's kernel adds an address with duplicate address detection; returns whether it is usable, a duplicate, or
   * not finished, or was taken for a duplicate since the host returns what a sender sends.
   */
  detectDuplicates(sender: string, address: string, options: { readonly nonce: boolean }): Promise<DuplicateDetection>;
}

export function stacksOf(window: Window): Stacks {
  const { lab, plane, answerMs = DURATIONS.neighborAnswer } = window;
  const { topology } = lab;
  const speaking = (name: string): Sender => {
    const sender = senderNamed(topology, name);
    letSpeak(window, [name]);
    return sender;
  };
  const heardLeaves = async (what: 'unicast' | 'multicast') => {
    const only = plane.traits.hears[what] === 'active' ? await plane.activeLeg() : null;
    return topology.legs.filter(({ name }) => only === null || name === only).map(({ leaf }) => leaf);
  };
  return {
    heardLeaves: () => heardLeaves('unicast'),
    broadcastHeardLeaves: () => heardLeaves('multicast'),
    async idle() {
      const ageingChanges = need(ageing(plane));
      let before = await fdbOf(plane);
      await until('switches to know every sender', DURATIONS.controlFrame, async () =>
        unknownSenders(topology, (before = await fdbOf(plane))).length === 0 ? true : null,
      ).catch(unlessNever);
      await Promise.all(ageingChanges.map((change) => lab.apply(change)));
      await mark(window, `nobody speaks for ${DURATIONS.silence / 1000} s`);
      await wait(DURATIONS.silence);
      const after = await fdbOf(plane);
      await mark(window, 'the silence is over');
      return { topology, before, after };
    },
    leafResolves: (leaf, senders) => leafResolves(lab, leaf, senders.map(speaking), answerMs),
    leafProbes: (leaf, senders) => leafProbes(lab, leaf, senders.map(speaking), answerMs),
    resolveGateway: (sender) => resolveGateway(lab, speaking(sender)),
    announce: (sender) => announce(lab, speaking(sender)),
    async detectDuplicates(sender, address, { nonce }) {
      const found = await detectDuplicates(lab, speaking(sender), address, nonce);
      const due = dueToReturn(found, nonce, plane.traits);
      if (due === 'returned')
        skipPart(window, {
          what: `what the kernel of ${sender} finds of an address without a nonce`,
          command: `everyleaf run --data-plane ${plane.traits.kind}`,
          output: `${planeName(plane.traits)} gives each sender its own frames back, and it takes them for another's`,
        });
      return due;
    },
  };
}
