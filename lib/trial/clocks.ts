import { groupBy } from '../groupBy.js';
import type { ClockRecord } from '../evidence/types.js';
import type { Lab } from '../testbed/lab.js';

/**
 * The clocks of a lab, each measured once more; none where all nodes share one that is the lab's own. A leaf is
 * named with the clock that stamps its frames. Throws what a
 * clock throws that was set meanwhile.
 */
export async function clocksOf({
  nodes,
  captureClocks = new Map(),
}: Pick<Lab, 'nodes' | 'captureClocks'>): Promise<readonly ClockRecord[]> {
  const byClock = [
    ...groupBy(
      [
        ...nodes.map(({ name, clock }) => ({ name: captureClocks.has(name) ? null : name, clock })),
        ...[...captureClocks].map(([name, clock]) => ({ name, clock })),
      ],
      ({ clock }) => clock.id,
    ),
  ];
  const clocks = await Promise.all(
    byClock.map(async ([name, on]): Promise<ClockRecord | null> => {
      const offset = await on[0]?.clock.offset();
      return offset === undefined || (offset.ns === 0n && offset.errorNs === 0n)
        ? null
        : {
            name,
            aheadNs: String(offset.ns),
            errorNs: String(offset.errorNs),
            nodes: on.flatMap(({ name: node }) => node ?? []),
          };
    }),
  );
  return clocks.filter((clock) => clock !== null);
}
