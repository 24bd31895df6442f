import type { Topology } from './model.js';
import { TopologyError } from './problem.js';
import { addressProblems } from './addressChecks.js';
import { labNameProblems } from './labNames.js';
import { nameProblems } from './names.js';
import { referenceProblems } from './references.js';
import { resolveTopology } from './resolve.js';
import { topologySchema } from './schema.js';
import { keysOf } from './keys.js';
import { shapeProblems } from './shape.js';
import { readSource } from './source.js';

/**
 * Reads a topology as a person writes it, and derives what was left out. Checks go from form to meaning: the problems of one
 * stage are reported together, and a later stage is not asked when an earlier one found something.
 *
 * @param fileName stands in front of each problem.
 * @throws TopologyError, and nothing else, whatever the text.
 */
export function parseTopology(yamlText: string, fileName: string): Topology {
  const read = readSource(yamlText);
  if ('problems' in read) throw new TopologyError(fileName, read.problems);
  const { source } = read;
  const parsed = topologySchema.safeParse(source.value);
  if (!parsed.success)
    throw new TopologyError(fileName, shapeProblems(parsed.error.issues, source, keysOf(topologySchema)));
  const doc = parsed.data;
  const broken = [...nameProblems(doc, source), ...labNameProblems(doc, source), ...referenceProblems(doc, source)];
  if (broken.length > 0) throw new TopologyError(fileName, broken);
  const topology = resolveTopology(doc);
  const misaddressed = addressProblems(topology, doc, source);
  if (misaddressed.length > 0) throw new TopologyError(fileName, misaddressed);
  return topology;
}
