import type { Topology } from '../topology/model.js';
import { keysOf } from '../topology/keys.js';
import { problemLines, type Problem } from '../topology/problem.js';
import { shapeProblems } from '../topology/shape.js';
import { readSource, type Sort, type Source } from '../topology/source.js';
import { UserError } from '../userError.js';
import { bindingProblems } from './references.js';
import { bindingSchema, type Binding } from './schema.js';
import { secretProblems } from './secretPlaces.js';

const SORT: Sort = { name: 'a binding', example: 'topologies/bindings/two-linux-leaves.yaml', levels: 'six' };

/** The text cannot be used. The message has one `file:line:column: what; hint` line for each problem, in file order. */
export class BindingError extends UserError {
  readonly problems: readonly Problem[];

  constructor(fileName: string, problems: readonly Problem[]) {
    super(problemLines(fileName, problems));
    this.name = 'BindingError';
    this.problems = problems;
  }
}

/** A binding in the form that it should have; whether its names fit a topology is another question. */
export interface BindingText {
  readonly binding: Binding;
  readonly source: Source;
}

/**
 * Reads a binding. No message holds what stands where a secret belongs.
 *
 * @param fileName is put in front of each problem.
 * @throws BindingError, and nothing else, whatever the text.
 */
export function readBinding(yamlText: string, fileName: string): BindingText {
  const read = readSource(yamlText, SORT);
  if ('problems' in read) throw new BindingError(fileName, read.problems);
  const { source } = read;
  const secrets = secretProblems(source);
  if (secrets.length > 0) throw new BindingError(fileName, secrets);
  const parsed = bindingSchema.safeParse(source.value);
  if (!parsed.success)
    throw new BindingError(fileName, shapeProblems(parsed.error.issues, source, keysOf(bindingSchema), 'the binding'));
  return { binding: parsed.data, source };
}

/** @throws BindingError when the binding does not fit the topology, or itself. */
export function requireFits({ binding, source }: BindingText, fileName: string, topology: Topology): void {
  const problems = bindingProblems(binding, source, topology);
  if (problems.length > 0) throw new BindingError(fileName, problems);
}
