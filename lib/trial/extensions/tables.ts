import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import { ageLeafTables } from '../../tables/leafTables.js';
import { legNamed } from '../../topology/legs.js';
import { sendersOf } from '../../topology/senders.js';
import { relearning } from '../relearning.js';
import { keep, letSpeak, mark, type Window } from '../window.js';

/** Neighbor tables of the leaves. */
export interface Tables {
  /**
   * Fills every leaf's tables with every sender, shortens their ageing, and watches them age for five periods and more.
   */
  ageTables(): Promise<void>;
  /** Records what a leaf knows of the VMs while they send no data, and how soon it knows them when it asks (P14). */
  recordRelearning(leg: string): Promise<void>;
}

/** Leaves ask for every sender, and the kernels answer. */
export function letAllSpeak(window: Window): void {
  letSpeak(
    window,
    sendersOf(window.lab.topology).map(({ node }) => node),
  );
}

export function tablesOf(window: Window): Tables {
  const { lab } = window;
  return {
    async ageTables() {
      letAllSpeak(window);
      const tables = await ageLeafTables(lab);
      window.skips.push(...tables.skips);
      await wait(DURATIONS.tableAgeing);
      keep(window, { neighbors: await tables.stop() });
    },
    async recordRelearning(leg) {
      letAllSpeak(window);
      await mark(window, await relearning(lab, legNamed(lab.topology, leg).leaf));
    },
  };
}
