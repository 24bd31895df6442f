import type { DataPlane } from '../dataplane/plane.js';
import { planeName, type PlaneTraits } from '../dataplane/traits.js';
import type { Fault } from '../fault/fault.js';
import type { Lack } from '../testbed/capability.js';
import type { Need } from '../testbed/testbed.js';
import type { Topology } from '../topology/model.js';

/**
 * What a scenario can need of a data plane. `lacp`: it speaks LACP to the leaves. `spreads`: data uses more than one
 * leg. `hears`: it takes unicast frames on every leg. `queues`: its legs have queues that data can fill.
 * `tunnels`: there are tenants behind it. `noticesCarrier`: it notices when a leg loses its carrier; every scenario in which
 * legs die needs that, and need not say so.
 */
export type TraitNeed = 'lacp' | 'spreads' | 'hears' | 'queues' | 'tunnels' | 'noticesCarrier';

/** What a scenario can need of the wiring. `trunk`: a VM that tags by itself. */
export type WiringNeed = 'trunk';

export type ScenarioNeed = Need | TraitNeed | WiringNeed;

type PlaneTraitsAsked = Pick<PlaneTraits, TraitNeed>;

const TRAITS: Readonly<
  Record<TraitNeed, { readonly what: string; readonly lacking: string; holds(traits: PlaneTraitsAsked): boolean }>
> = {
  lacp: { what: 'a host that speaks LACP', lacking: 'speaks no LACP', holds: ({ lacp }) => lacp },
  spreads: {
    what: 'a host that spreads data over its legs',
    lacking: 'sends all data on one leg',
    holds: ({ spreads }) => spreads !== 'no',
  },
  hears: {
    what: 'a host that takes unicast frames on every leg',
    lacking: 'takes them on its active leg alone',
    holds: ({ hears }) => hears.unicast === 'all',
  },
  queues: {
    what: 'a host whose uplinks are limited',
    lacking: 'has no limit',
    holds: ({ queues }) => queues === true,
  },
  tunnels: {
    what: 'a host with tenants behind it',
    lacking: 'has none',
    holds: ({ tunnels }) => tunnels === true,
  },
  noticesCarrier: {
    what: 'a host that notices when a leg loses its carrier',
    lacking: 'does not notice it',
    holds: ({ noticesCarrier }) => noticesCarrier !== false,
  },
};

const WIRING: Readonly<
  Record<WiringNeed, { readonly what: string; readonly lacking: string; holds(topology: Topology): boolean }>
> = {
  trunk: {
    what: 'a VM that tags by itself',
    lacking: 'has no VM with a trunk',
    holds: ({ vms }) => vms.some(({ attachment }) => attachment.type === 'trunk'),
  },
};

const isTrait = (need: ScenarioNeed): need is TraitNeed => need in TRAITS;
const isWiring = (need: ScenarioNeed): need is WiringNeed => need in WIRING;

/** Every need that a scenario can name. */
export const SCENARIO_NEEDS: readonly string[] = [
  ...Object.keys(TRAITS),
  ...Object.keys(WIRING),
  ...['sender', 'leg', 'leaf'].flatMap((spot) => [`inject:${spot}`, `tap:${spot}`]),
  ...(['cut', 'shut', 'deploy', 'terminal'] satisfies readonly Need[]),
];

/** What a scenario says of where it makes sense. */
export interface Demands {
  readonly needs?: readonly ScenarioNeed[];
  /** Variants by their names. */
  readonly modes?: readonly string[];
}

/** Whether a variant of a data plane has what is needed. */
function fits({ needs = [], modes }: Demands, traits: PlaneTraits): boolean {
  return (
    (modes === undefined || modes.includes(traits.variant)) &&
    needs.every((need) => !isTrait(need) || TRAITS[need].holds(traits))
  );
}

/** Needs of planes that are made for them: elsewhere their scenarios are not listed as skipped. */
const OF_FEW: readonly ScenarioNeed[] = ['queues', 'tunnels'];

/** Whether a scenario is about data planes of another sort, so that there is nothing to say of it on this one. */
export function isForeign({ needs = [] }: Demands, plane: Pick<DataPlane, 'variants' | 'traits'>): boolean {
  return needs.some((need) => OF_FEW.includes(need) && !fitsSome({ needs: [need] }, plane));
}

/** Whether any variant of a data plane has what is needed. */
export function fitsSome(demands: Demands, plane: Pick<DataPlane, 'variants' | 'traits'>): boolean {
  return plane.variants.some((variant) => fits(demands, plane.traits(variant)));
}

/** Variants of a data plane in which a scenario makes no sense. */
export function unfitVariants(demands: Demands, plane: Pick<DataPlane, 'variants' | 'traits'>): readonly string[] {
  return plane.variants.filter((variant) => !fits(demands, plane.traits(variant)));
}

/**
 * What no variant of the data plane has, or what the wiring lacks; nothing where the scenario can be tried.
 */
export function lacksOf(
  demands: Demands,
  plane: Pick<DataPlane, 'kind' | 'variants' | 'traits'>,
  topology: Topology,
): readonly Lack[] {
  const { needs = [], modes = [] } = demands;
  const command = `everyleaf run --data-plane ${plane.kind}`;
  const variants = plane.variants.map((variant) => planeName({ kind: plane.kind, variant })).join(', ');
  const ofPlane = fitsSome(demands, plane)
    ? []
    : needs.flatMap((need): readonly Lack[] => {
        if (!isTrait(need) || fitsSome({ needs: [need] }, plane)) return [];
        return [{ what: TRAITS[need].what, command, output: `${variants}: ${TRAITS[need].lacking}` }];
      });
  // Each trait alone exists, or none was needed: then the names of variants exclude all, or no variant has all traits.
  const rest: readonly Lack[] =
    ofPlane.length > 0 || fitsSome(demands, plane)
      ? []
      : [
          {
            what: `one variant with all of ${[...needs.filter(isTrait), ...modes].join(', ')}`,
            command,
            output: `there are ${variants}`,
          },
        ];
  const ofWiring = needs.flatMap((need): readonly Lack[] =>
    isWiring(need) && !WIRING[need].holds(topology)
      ? [
          {
            what: WIRING[need].what,
            command: `everyleaf check ${topology.name}.yaml`,
            output: `${topology.name} ${WIRING[need].lacking}`,
          },
        ]
      : [],
  );
  return [...ofPlane, ...rest, ...ofWiring];
}

/** What the lab must be able to do: for the scenario itself, its data plane, and the faults that it requires. */
export function labNeeds(
  { needs = [] }: Demands,
  plane: Pick<DataPlane, 'needs'>,
  faults: readonly Pick<Fault, 'needs'>[],
): readonly Need[] {
  const own = needs.flatMap((need) => (isTrait(need) || isWiring(need) ? [] : [need]));
  return [...new Set([...plane.needs, ...own, ...faults.flatMap((fault) => fault.needs ?? [])])];
}
