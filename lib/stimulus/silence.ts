import type { MacEntry } from '../evidence/types.js';
import type { Topology } from '../topology/model.js';
import { sendersOf } from '../topology/senders.js';

/** The switches' MAC tables when the senders fell silent, and when the silence was over. */
export interface Silence {
  readonly topology: Topology;
  readonly before: readonly MacEntry[];
  readonly after: readonly MacEntry[];
}

/** Senders whose MAC is in some switch's table, with the switches: `vm1 (leaf-a, leaf-b)`. */
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
 * Why it was no silence; null when it was one. First, some switch must have known each sender: empty tables show
 * nothing. Then none may: a sender that spoke, or a switch that does not forget, would have kept its row.
 */
export function silenceBroken({ topology, before, after }: Silence): string | null {
  const never = unknownSenders(topology, before);
  if (never.length > 0) return `no switch knew ${never.join(', ')} before`;
  const kept = [...known(topology, after)].flatMap(([sender, nodes]) =>
    nodes.length === 0 ? [] : [`${sender} (${nodes.join(', ')})`],
  );
  return kept.length > 0 ? `switches still know ${kept.join(', ')}` : null;
}
