import type { Topology } from './model.js';
import { TopologyError, type Problem } from './problem.js';
import { addressIssues, type AddressRule } from './addressChecks.js';
import { labNameProblems } from './labNames.js';
import { nameProblems } from './names.js';
import { chosenPlane, type PlaneChoice, type PlaneRules } from './planeRules.js';
import { referenceProblems } from './references.js';
import { resolveTopology } from './resolve.js';
import { topologySchema } from './schema.js';
import { keysOf } from './keys.js';
import { shapeProblems } from './shape.js';
import { readSource } from './source.js';

export interface ParseOptions {
  /** The known data planes; at least one. */
  readonly planes: readonly PlaneRules[];
  /** The one to take, whatever the topology says. */
  readonly plane?: PlaneChoice;
  /** `documentation` unless real machines are bound. */
  readonly addresses?: AddressRule;
}

/**
 * Reads a topology as a person writes it, and derives what was left out. Checks go from form to meaning: the problems
 * of one stage are reported together, and a stage is skipped when an earlier one found something.
 *
 * @param fileName is put in front of each problem.
 * @throws TopologyError, and nothing else, whatever the text.
 */
export function parseTopology(yamlText: string, fileName: string, options: ParseOptions): Topology {
  const stop = (problems: readonly Problem[]): void => {
    if (problems.length > 0) throw new TopologyError(fileName, problems);
  };
  const read = readSource(yamlText);
  if ('problems' in read) throw new TopologyError(fileName, read.problems);
  const { source } = read;
  const parsed = topologySchema.safeParse(source.value);
  if (!parsed.success)
    throw new TopologyError(fileName, shapeProblems(parsed.error.issues, source, keysOf(topologySchema)));
  const doc = parsed.data;
  const plane = chosenPlane(doc, source, options.planes, options.plane ?? {});
  if ('problems' in plane) throw new TopologyError(fileName, plane.problems);
  const { rules, variant } = plane;
  stop([...nameProblems(doc, source, rules), ...labNameProblems(doc, source), ...referenceProblems(doc, source)]);
  const topology = resolveTopology(doc, rules, variant);
  const { addresses = 'documentation' } = options;
  stop(
    addressIssues(topology, { addresses, doc }).map(({ path, ...issue }) => ({ ...issue, ...source.placeOf(path) })),
  );
  stop(rules.check(topology).map(({ path, text, hint }) => ({ kind: 'plane', ...source.placeOf(path), text, hint })));
  return topology;
}
