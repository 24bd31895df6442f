import type { PlaneTraits } from '../dataplane/traits.js';
import type { Topology } from './model.js';
import type { Problem } from './problem.js';
import type { TopologyDocument } from './schema.js';
import type { Path, Source } from './source.js';
import { quote } from './shape.js';
import { suggest } from './suggest.js';

/** Something that a data plane cannot do with a topology. */
export interface PlaneProblem {
  /** Where in the file. */
  readonly path: Path;
  readonly text: string;
  /** What to do about it. */
  readonly hint: string;
}

/** The data plane's part in reading a topology: only the data plane knows how a host joins its legs. */
export interface PlaneRules {
  readonly kind: string;
  /** Its variants, for instance bond modes, in the order in which a run takes them; never empty. */
  readonly variants: readonly string[];
  traits(variant: string): PlaneTraits;
  /** The interface of the host's own stack where a topology names none. */
  readonly hostNic: string;
  /** The host's name for the bond of its legs; null where it has none. */
  readonly bond: string | null;
  /** Why it cannot be brought up on this topology; empty where it can. */
  check(topology: Topology): readonly PlaneProblem[];
}

/** The choice that overrides the topology. */
export interface PlaneChoice {
  readonly kind?: string;
  readonly variant?: string;
}

interface Chosen {
  readonly rules: PlaneRules;
  readonly variant: string;
}

/** The data plane that was chosen, else the one in the topology, else the first; or why there is none. */
export function chosenPlane(
  doc: TopologyDocument,
  source: Source,
  planes: readonly PlaneRules[],
  choice: PlaneChoice,
): Chosen | { readonly problems: readonly Problem[] } {
  const { plane } = doc.host;
  const kind = choice.kind ?? plane?.kind ?? planes[0]?.kind ?? '';
  const rules = planes.find((one) => one.kind === kind);
  const problem = (kindOf: Problem['kind'], key: string, text: string, hint: string) => ({
    problems: [{ kind: kindOf, ...source.placeOf(['host', 'plane', key]), text, hint }],
  });
  const known = planes.map((one) => one.kind);
  if (rules === undefined)
    return problem('unknown-plane', 'kind', `there is no data plane ${quote(kind)}`, suggest(kind, known));
  const own = plane?.kind === kind ? plane.variant : undefined;
  const variant = choice.variant ?? own ?? rules.variants[0] ?? '';
  if (!rules.variants.includes(variant))
    return problem(
      'unknown-variant',
      'variant',
      `the data plane ${kind} has no variant ${quote(variant)}`,
      suggest(variant, rules.variants),
    );
  return { rules, variant };
}

/** The same wiring, with the data plane in another variant. */
export function withVariant(topology: Topology, rules: PlaneRules, variant: string): Topology {
  const { host } = topology;
  return { ...topology, host: { ...host, plane: { ...host.plane, traits: rules.traits(variant) } } };
}
