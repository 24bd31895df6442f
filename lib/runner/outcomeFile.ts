import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { planeName } from '../dataplane/traits.js';
import { stableJson } from '../evidence/json.js';
import { dataPlaneNamed } from '../registries.js';
import { intentOf } from '../run/controlName.js';
import { OUTCOME_FILE, type Outcome, type TrialOutcome } from '../run/outcome.js';
import { sourceName } from '../run/workspace.js';
import { LackError } from '../testbed/capability.js';
import { aboutOf, isExpectation } from '../trial/expectation.js';
import { currentWorkspace } from './current.js';
import type { ScenarioRun } from './scenarioRun.js';

/**
 * What was thrown, the cause first; then what came of it while all was taken down. Node 20 has no SuppressedError; the
 * code that the compiler generates for `await using` throws errors with these fields, one in the other.
 */
function inOrder(thrown: unknown): readonly unknown[] {
  return thrown instanceof Error && 'suppressed' in thrown && 'error' in thrown
    ? [...inOrder(thrown.suppressed), ...inOrder(thrown.error)]
    : [thrown];
}

/** Of several errors, each of which came while the one before was being handled, all: the first is the cause. */
export function asError(thrown: unknown): Error {
  const [cause, ...later] = inOrder(thrown);
  if (later.length > 0) {
    const told = new Set(later.map(String));
    told.delete(String(cause));
    return new Error([String(cause), ...told].join('; then, while the lab was taken down: '));
  }
  return thrown instanceof Error ? thrown : new Error(`thrown: ${JSON.stringify(thrown)}`);
}

function outcomeOf(error: Error | null): Outcome {
  if (error === null) return { type: 'held' };
  if (error instanceof LackError) return { type: 'skipped', lacks: error.lacks };
  if (isExpectation(error))
    return {
      type: 'not-held',
      matcher: error.matcherResult.name,
      about: aboutOf(error),
      // The runner adds colours for terminals.
      message: stripVTControlCharacters(error.message),
    };
  return { type: 'broke', message: stripVTControlCharacters(error.stack ?? error.message) };
}

function mustFindOf({ control, setup }: ScenarioRun): Pick<TrialOutcome, 'mustShow'> {
  const mustShow = control === null ? undefined : setup.finds?.[control.name];
  return mustShow === undefined ? {} : { mustShow };
}

/** Writes `outcome.json`; a control that went unnoticed does not fail here but in the run's table. */
export function writeOutcome(
  run: ScenarioRun,
  error: Error | null,
  startedAt: number,
  phases: TrialOutcome['phases'],
): Outcome {
  const outcome = outcomeOf(error);
  const plane = dataPlaneNamed(run.plan.dataPlane, currentWorkspace().registries).traits(run.mode);
  const record: TrialOutcome = {
    id: relative(join(run.plan.runFolder, 'evidence'), run.folder),
    scenario: run.title,
    source: `${sourceName(currentWorkspace(), run.place.file)}:${run.place.line}`,
    intent: intentOf(run.control),
    dataplane: planeName(plane),
    plane,
    replicator: run.replicator.name,
    outcome,
    ...mustFindOf(run),
    durationMs: Math.round(performance.now() - startedAt),
    phases,
  };
  mkdirSync(run.folder, { recursive: true });
  writeFileSync(join(run.folder, OUTCOME_FILE), stableJson(record));
  return outcome;
}
