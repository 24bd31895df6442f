import type { MacEntry } from '../evidence/types.js';
import type { Topology } from '../topology/model.js';
import { sendersOf } from '../topology/senders.js';

/** What switches knew of the senders when they fell silent, and when the silence was over. */
export interface Silence {
  readonly topology: Topology;
  readonly before: readonly MacEntry[];
  readonly after: readonly MacEntry[];
}

/** Senders whose MAC stands in some switch's table, with the switches: `vm1 (leaf-a, leaf-b)`. */
function known(topology: Topology, entries: readonly MacEntry[]): ReadonlyMap<string, readonly string[]> {
  const nodes = (mac: string) =>
    [
      ...new Set(entries.filter((entry) => entry.mac.toLowerCase() === mac.toLowerCase()).map(({ node }) => node)),
    ].sort();
  return new Map(sendersOf(topology).map((sender) => [sender.node, nodes(sender.mac)]));
}

/** Senders that no switch knows. */
export function unknownSenders(topology: Topology, entries: readonly MacEntry[]): readonly string[] {
  return [...known(topology, entries)].flatMap(([sender, nodes]) => (nodes.length === 0 ? [sender] : []));
}

/**
 * Why it was no silence; null when it was one. What ages was there to age, or tables that are empty show nothing: some
 * switch knew each sender. Then none does: a sender that spoke, or a switch that does not forget, would have kept its
 * row.
 */
export function silenceBroken({ topology, before, after }: Silence): string | null {
  const never = unknownSenders(topology, before);
  if (never.length > 0) return `no switch knew ${never.join(', ')} before`;
  const kept = [...known(topology, after)].flatMap(([sender, nodes]) =>
    nodes.length === 0 ? [] : [`${sender} (${nodes.join(', ')})`],
  );
  return kept.length > 0 ? `switches still know ${kept.join(', ')}` : null;
}
