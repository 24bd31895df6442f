import type { EvidenceManifest } from '../../evidence/types.js';

/** How well stamps of different clocks can be compared. */
export interface ClockErrors {
  /** The most by which a time between stamps of two nodes may be wrong, ns; 0 where they share a clock. */
  between(a: string, b: string): number;
  /** The most for any two nodes, or a node and the lab's own clock, ns. */
  readonly widestNs: number;
}

/** All stamps of a lab are on one clock unless its evidence names others. */
export function clockErrorsOf({ clocks = [] }: Pick<EvidenceManifest, 'clocks'>): ClockErrors {
  const byNode = new Map(
    clocks.flatMap(({ name, errorNs, nodes }) =>
      nodes.map((node) => [node, { name, error: Number(errorNs) }] as const),
    ),
  );
  const errors = clocks.map(({ errorNs }) => Number(errorNs)).sort((x, y) => y - x);
  return {
    between(a, b) {
      const [first, second] = [byNode.get(a), byNode.get(b)];
      if (first !== undefined && first.name === second?.name) return 0;
      return (first?.error ?? 0) + (second?.error ?? 0);
    },
    widestNs: (errors[0] ?? 0) + (errors[1] ?? 0),
  };
}
