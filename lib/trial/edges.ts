import { setTimeout as wait } from 'node:timers/promises';
import { fdbMovesOf } from '../dataplane/tables.js';
import { DURATIONS } from '../durations.js';
import type { FaultWindow } from './faultBench.js';
import { noteRecovery } from './recovery.js';
import type { Window } from './window.js';

/**
 * Keeps probes clear of the edges of faults, and records the edges, with what the machines report around them, in the
 * evidence.
 */
export function faultWindowOf(window: Window): FaultWindow {
  const { lab, plane, edgeBandMs, timeline, macTables, recorder } = window;
  /** How far apart a probe and an edge must be, in either order. */
  const clearMs = edgeBandMs + DURATIONS.poll;
  return {
    async leaveBehind(streams) {
      const sentMs = streams ? Math.max(window.lastSentMs, window.lastStreamedMs) : window.lastSentMs;
      await wait(Math.max(0, sentMs + clearMs - performance.now()));
    },
    async look(counters) {
      await recorder?.look();
      if (!counters) return;
      const moves = await fdbMovesOf(plane, DURATIONS.switchAnswer);
      macTables.push({ atNs: await lab.now(), entries: [], moves });
    },
    note(changes, edge) {
      timeline.push(...changes.map((change) => ({ ...change, ...edge })));
    },
    carrierBack: (leg, sinceNs, alive) => noteRecovery(window, leg, sinceNs, alive),
    leaveEdge: () => wait(clearMs),
  };
}
