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
   * Lets every leaf know every sender, shortens the ageing of its tables, and watches them grow old: five periods and
   * more.
   */
  ageTables(): Promise<void>;
  /** Records what a leaf knows of the VMs without their sending data, and how soon when it asks (P14). */
  recordRelearning(leg: string): Promise<void>;
}

/** Leaves ask for every sender there is, and the kernels answer. */
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
