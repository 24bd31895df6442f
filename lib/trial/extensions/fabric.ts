import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import { startFabric } from '../../fabric/fabric.js';
import { probeFrr } from '../../fabric/frr.js';
import { legTo } from '../../topology/legs.js';
import type { Faults } from '../faults.js';
import { keep, mark, skipAll, type Window } from '../window.js';
import { letAllSpeak } from './tables.js';

/** A client behind the spine that streams to the VMs, until it is closed. */
export interface TrialFabric {
  /** Nothing happens except that the leaves' tables age. */
  age(): Promise<void>;
  /** A leaf is switched off: leg and uplink dark, tables empty. */
  leafDown(leaf: string): Promise<void>;
  leafUp(leaf: string): Promise<void>;
  /** Ends the stream and keeps what client, spine and leaves recorded. */
  close(): Promise<void>;
}

/** Leaves that announce host routes. */
export interface Fabric {
  /**
   * Brings spine and client up and starts the client's stream; null where this machine has no FRR: the skips then say
   * which command showed it.
   */
  openFabric(): Promise<TrialFabric | null>;
}

export function fabricOf(window: Window, { unplug, plug }: Pick<Faults, 'unplug' | 'plug'>): Fabric {
  const { lab } = window;
  const { topology } = lab;
  return {
    async openFabric() {
      const { fabric } = topology;
      const missing = fabric === undefined ? null : await probeFrr(lab.node(fabric.spine));
      if (missing !== null) {
        skipAll(window, { what: 'the outage end to end, with real routing daemons', ...missing });
        return null;
      }
      letAllSpeak(window);
      const running = await startFabric(lab);
      window.skips.push(...running.tables.skips);
      if (running.again !== null) await mark(window, running.again);
      return {
        age: () => wait(DURATIONS.tableAgeing),
        leafDown: (leaf) => running.leafDown(leaf, () => unplug(legTo(topology, leaf).name)),
        leafUp: (leaf) => running.leafUp(leaf, () => plug(legTo(topology, leaf).name)),
        close: async () => keep(window, await running.stop()),
      };
    },
  };
}
