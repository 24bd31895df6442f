import { setTimeout as wait } from 'node:timers/promises';
import { awaitOperState, edge } from './edge.js';
import { open } from './carrier.js';
import type { Edge, FaultArguments, FaultSite, FaultVerb } from './types.js';

const DEFAULT_TIMES = 10;
const DEFAULT_PERIOD_MS = 100;

/**
 * Cuts and restores the leg at a steady pace; `onEdge` gets each edge as it happens. A machine that is too slow for the pace flaps more
 * slowly, and says so by its edges. Ends with the cable in.
 */
export async function flapping(
  site: FaultSite,
  { times = DEFAULT_TIMES, periodMs = DEFAULT_PERIOD_MS }: FaultArguments,
  onEdge: (state: 'up' | 'down', at: Edge) => void,
): Promise<void> {
  const { lab, leg } = site;
  const leaf = lab.node(leg.leaf);
  const start = performance.now();
  for (let half = 0; half < 2 * times; half++) {
    const ahead = start + (half * periodMs) / 2 - performance.now();
    if (ahead > 0) await wait(ahead);
    const state = half % 2 === 0 ? 'down' : 'up';
    onEdge(state, await edge(lab, () => leaf.exec(['ip', 'link', 'set', leg.leafPort, state])));
  }
  await awaitOperState(lab.node(lab.topology.host.node), leg.hostPort, /^UP$/);
}

export const flap: FaultVerb = {
  name: 'flap',
  undoName: 'steady',
  title: 'the cable has a loose contact',
  undoTitle: 'the cable holds',
  whatATechnicianSees:
    'The link lights of both ports flicker; the log fills with carrier lost and carrier found, and LACP starts anew each time.',
  bondLeaves: 'never',
  // Each single edge is recorded by the one who lets it flap.
  changes: () => ({ begin: [], end: [] }),
  begin: (site, args) => edge(site.lab, () => flapping(site, args, () => undefined)),
  end: open,
};
