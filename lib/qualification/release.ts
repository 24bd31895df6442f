import { z } from 'zod';
import { stableJson } from '../evidence/json.js';
import type { CoverageRow } from './coverage.js';
import { BASELINE_FILE } from './names.js';
import { BundleError } from './error.js';
import type { QualifiedRun } from './judged.js';
import type { Said } from './statement.js';

const releaseSchema = z.strictObject({
  schema: z.literal(1),
  sentence: z.string(),
  qualified: z.boolean(),
  createdAt: z.string(),
  version: z.string(),
  replicator: z.string(),
  /** Verdicts of the cells of the coverage, by `cellName`. */
  cells: z.record(z.string(), z.string()),
  /** What the runs depended on, `commit`, `kernel`, and so on; each value that there was. */
  facts: z.record(z.string(), z.array(z.string())),
});
const baselineSchema = z.strictObject({
  /** Of its SHA256SUMS, hexadecimal. */
  sums: z.string().regex(/^[0-9a-f]{64}$/),
  release: releaseSchema,
});

/** A release in short. */
export type Release = z.infer<typeof releaseSchema>;
/** The release before. What it says is the word of whoever names it: it is not judged again. */
export type Baseline = z.infer<typeof baselineSchema>;

/** `REQ-1 · ovs-bond/balance-tcp · leaf-a · rarp` */
export function cellName({ requirement, dataplane, leaf, kind, scenarios }: CoverageRow): string {
  // A gap of one scenario has neither leaf nor kind.
  const where = leaf === '' && kind === '' ? [scenarios] : [leaf, kind];
  return [requirement, dataplane, ...where].filter((part) => part !== '').join(' · ');
}

function factsOf(runs: readonly QualifiedRun[]): Release['facts'] {
  const facts = new Map<string, Set<string>>();
  for (const { plan, report } of runs)
    for (const [name, value] of Object.entries({
      ...plan.environment,
      ...plan.inputs,
      profile: report.profile,
      topology: report.topology,
    }))
      facts.set(name, (facts.get(name) ?? new Set()).add(value));
  return Object.fromEntries([...facts].map(([name, values]) => [name, [...values].sort()]));
}

/** What a later release is compared with. */
export function releaseOf({
  said,
  runs,
  coverage,
  sentence,
  isQualified,
}: {
  readonly said: Said;
  readonly runs: readonly QualifiedRun[];
  readonly coverage: readonly CoverageRow[];
  readonly sentence: string;
  readonly isQualified: boolean;
}): Release {
  return {
    schema: 1,
    sentence,
    qualified: isQualified,
    createdAt: said.createdAt.toISOString(),
    version: said.version,
    replicator: runs[0]?.report.replicator ?? '',
    cells: Object.fromEntries(coverage.map((row) => [cellName(row), row.verdict])),
    facts: factsOf(runs),
  };
}

/** Reads the release before. Throws BundleError where it is none. */
export function parseBaseline(text: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BundleError(`${BASELINE_FILE} is not JSON`);
  }
  const read = baselineSchema.safeParse(value);
  if (!read.success) throw new BundleError(`${BASELINE_FILE} is no release that this version understands`);
  // In one form only, so that the same release is the same bytes.
  if (stableJson(read.data) !== text) throw new BundleError(`${BASELINE_FILE} is not in its form`);
  return read.data;
}

/** What is otherwise than in the release before; sentences, what is worse first. */
export interface Changes {
  readonly worse: readonly string[];
  readonly better: readonly string[];
  /** Cells that only one of them has. */
  readonly gone: readonly string[];
  readonly added: readonly string[];
  /** `kernel: 6.1 -> 6.12` */
  readonly facts: readonly string[];
}

const isShown = (verdict: string | undefined): boolean => verdict === 'pass' || verdict === 'waived';

/** A list of values in the length that people read. */
function short(values: readonly string[] | undefined): string {
  return values === undefined
    ? 'none'
    : values.join(', ').replaceAll(/\b([0-9a-f]{12})(?:[0-9a-f]{28}|[0-9a-f]{52})\b/g, '$1');
}

export function changesSince(before: Release, now: Release): Changes {
  const names = [...new Set([...Object.keys(before.cells), ...Object.keys(now.cells)])].sort();
  const own = (cells: Release['cells'], name: string) => (Object.hasOwn(cells, name) ? cells[name] : undefined);
  const changed = names.flatMap((name) => {
    const [was, is] = [own(before.cells, name), own(now.cells, name)];
    return was === is ? [] : [{ name, was, is, text: `${name}: ${was} -> ${is}` }];
  });
  const both = changed.filter(({ was, is }) => was !== undefined && is !== undefined);
  const facts = [...new Set([...Object.keys(before.facts), ...Object.keys(now.facts), 'replicator'])].sort();
  const factOf = (release: Release, name: string) =>
    name === 'replicator' ? [release.replicator] : release.facts[name];
  return {
    // What was shown and is waived now is worse, too.
    worse: both.filter(({ is }) => is !== 'pass').map(({ text }) => text),
    better: both.filter(({ is }) => is === 'pass').map(({ text }) => text),
    gone: changed.filter(({ was, is }) => is === undefined && isShown(was)).map(({ name }) => name),
    added: changed.filter(({ was }) => was === undefined).map(({ name }) => name),
    facts: facts.flatMap((name) => {
      const [was, is] = [short(factOf(before, name)), short(factOf(now, name))];
      return stableJson(factOf(before, name) ?? null) === stableJson(factOf(now, name) ?? null)
        ? []
        : [`${name}: ${was} -> ${is}`];
    }),
  };
}
