import { z } from 'zod';
import { KINDS, TAG_FORMS, type KindId, type TagForm } from '../wire/kinds.js';
import { suggest } from '../topology/suggest.js';
import type { Signature } from '../judge/types.js';
import { SCENARIO_DURATIONS, type ScenarioDuration } from '../run/duration.js';
import type { Demands, ScenarioNeed } from './needs.js';

/** What a scenario declares. */
export interface ScenarioSetup {
  /** Mutants and tampers that must make this scenario fail, each with its own reason. */
  readonly catches: readonly string[];
  /**
   * What must be found for a mutant or tamper in this scenario, where that is more than its own signatures: an effect,
   * not only its cause.
   */
  readonly finds?: Readonly<Record<string, readonly Signature[]>>;
  /** Senders whose own stacks are made to speak. */
  readonly witnesses?: readonly string[];
  /**
   * Nothing is sent: leaves make the kernels speak. Only for machines that are what they are, and on which nothing can be
   * sent.
   */
  readonly onlyAsks?: boolean;
  /** A file of topologies/ that this scenario needs, where the run's own topology does not suffice. */
  readonly topology?: string;
  /**
   * What it requires: traits of the data plane, machines of the wiring, means of the lab. It is run in the variants of
   * the data plane that have the traits. Where something is lacking it is skipped, and the skip says what.
   */
  readonly needs?: readonly ScenarioNeed[];
  /** Names of the faults that it requires: the lab must be able to do what they need. */
  readonly faults?: readonly string[];
  /** Run in one variant of the data plane, that of the controls: the result is the same in each. */
  readonly once?: boolean;
  /**
   * Variants in which the scenario makes sense, by their names; all without it. `needs` says the same of every data
   * plane.
   */
  readonly modes?: readonly string[];
  /** A leg will die: also capture what the host hands to each leg. */
  readonly legsDie?: boolean;
  /** All legs will be without carrier at the same time: on real machines no scenario may do that without saying so. */
  readonly allLegsDie?: boolean;
  /**
   * All VMs but the first come to the host only when the scenario says so, after the replicator. Until then nothing may
   * be sent: a VM that is not there would be expected to hear it.
   */
  readonly vmsArrive?: boolean;
  /** The same, and until then they are on another host behind the same leaves, which know them there. */
  readonly vmsMoveIn?: boolean;
  /**
   * There is a second host behind the same leaves, a twin of the first: the same data plane in the same variant, with legs
   * of its own, and the replicator under test. A mutant is installed on the first host alone, and a tamper works there.
   */
  readonly secondHost?: boolean;
  /**
   * The host's switch will be restarted: the port of the host's own stack goes with it, so that nothing is captured
   * there.
   */
  readonly switchRestarts?: boolean;
  /**
   * Keeps the window open long after the last frame, for frames that should never come: another copy, or one that comes
   * back.
   */
  readonly lingers?: boolean;
  /**
   * Only for replicators that are controllers: of others there is nothing to say.
   */
  readonly controller?: boolean;
  /**
   * Only for replicators that promise copies of such frames, which not all do: of others there is nothing to say.
   */
  readonly promises?: { readonly kind: KindId; readonly form: TagForm };
  /**
   * How long it takes, which decides which runs include it: `short` (the default) every run; `seconds` a run that names
   * its suite, the scenario, or everything; `minutes` a run that names the scenario or everything.
   */
  readonly duration?: ScenarioDuration;
  /**
   * Limit of the whole trial, ms, where its own waits may add up to more than the usual one. A wait that ends by its
   * own limit leaves evidence; a trial that is cut off leaves none.
   */
  readonly timeoutMs?: number;
}

const names = z.array(z.string()).readonly();

const schema = z.strictObject({
  catches: names,
  finds: z.record(z.string(), names).optional(),
  witnesses: names.optional(),
  onlyAsks: z.boolean().optional(),
  topology: z.string().optional(),
  needs: names.optional(),
  faults: names.optional(),
  once: z.boolean().optional(),
  modes: names.optional(),
  legsDie: z.boolean().optional(),
  allLegsDie: z.boolean().optional(),
  vmsArrive: z.boolean().optional(),
  vmsMoveIn: z.boolean().optional(),
  secondHost: z.boolean().optional(),
  switchRestarts: z.boolean().optional(),
  lingers: z.boolean().optional(),
  controller: z.boolean().optional(),
  promises: z.strictObject({ kind: z.enum(KINDS.map(({ id }) => id)), form: z.enum(TAG_FORMS) }).optional(),
  duration: z.enum(SCENARIO_DURATIONS).optional(),
  timeoutMs: z.number().positive().optional(),
} satisfies Record<keyof ScenarioSetup, z.ZodType>);

/**
 * What is wrong with the form of a scenario's setup, as the rest of a sentence that begins with its title; null where
 * nothing is. Authors of JavaScript, or of TypeScript that is not compiled first, are told nowhere else.
 */
export function setupProblem(setup: unknown): string | null {
  const parsed = schema.safeParse(setup);
  if (parsed.success) return null;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    return `has the unknown key "${key}"; ${suggest(key, Object.keys(schema.shape))}`;
  }
  const path = issue?.path.map(String).join('.') ?? '';
  const what = issue?.message.replace(/^Invalid input: /, '') ?? 'it is no setup';
  return path === '' ? `has no setup: ${what}` : `is not set up: ${path}: ${what}`;
}

/** What a scenario requires of a data plane. */
export function demandsOf({ needs = [], modes, legsDie }: ScenarioSetup): Demands {
  const all = legsDie === true ? [...needs, 'noticesCarrier' as const] : needs;
  return { needs: all, ...(modes === undefined ? {} : { modes }) };
}
