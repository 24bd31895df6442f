import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { judgeEvidence } from '../../evidence/judge.js';
import { readEvidence } from '../../evidence/read.js';
import { verdictOfFindings } from '../../judge/tell/verdict.js';
import type { Finding, Judgement, Signature } from '../../judge/types.js';
import { verdictOf } from '../../run/aggregate.js';
import { controlsTable } from '../../run/controls.js';
import { OUTCOME_FILE, parseOutcome } from '../../run/outcome.js';
import type { Fate } from '../../run/result.js';
import { TAMPERS } from './registry.js';
import { unpackRecorded } from './testing/recorded.js';
import type { Tamper } from './types.js';

/** What else is found of a tamper besides what must be: other rules that see the same frames. */
const ALSO: Readonly<Record<string, readonly Signature[]>> = {
  echo: ['duplicate', 'table-move'],
  hairpin: ['table-move'],
  'move-table': ['duplicate', 'returned-to-sender'],
  'leak-vlan': ['duplicate', 'returned-to-sender', 'table-move'],
  reflect: ['table-move'],
  repeat: ['late'],
  // Recorded on a host without a replicator, which has no copy on a dead leg of its own.
  'send-to-dead-leg': ['missing'],
  storm: ['duplicate'],
};

let parent: string;
let folder: string;

test.beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'everyleaf-recorded-'));
  folder = unpackRecorded(parent);
});
test.afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** What the table of controls says of recorded evidence when the judge has no rule that gives these signatures. */
function fateWithout(tamper: Tamper, judgement: Judgement, off: readonly Signature[]): Fate | undefined {
  const findings = judgement.findings.filter(({ signature }) => !off.includes(signature));
  const left: Judgement = { ...judgement, findings, verdict: verdictOfFindings(findings) };
  const outcome = parseOutcome(readFileSync(join(folder, tamper.name, OUTCOME_FILE), 'utf8'));
  const { scenario, source, dataplane, replicator, intent, durationMs } = outcome;
  const record = {
    ...{ id: tamper.name, scenario, source, dataplane, plane: null, replicator, intent, durationMs, error: null },
    ...verdictOf(outcome, left),
    judgement: left,
  };
  const tampers = [{ name: tamper.name, description: tamper.description, mustShow: tamper.mustFind }];
  return controlsTable([record], { mutants: [], tampers, declared: true, complete: false }).tampers[0]?.fate;
}

const failing = (findings: readonly Finding[]): readonly Signature[] =>
  [...new Set(findings.filter(({ verdict }) => verdict === 'fail').map(({ signature }) => signature))].sort();

test('there is evidence of every tamper', () => {
  const wanted = TAMPERS.map(({ name }) => name);
  expect(readdirSync(folder).sort()).toEqual(wanted.sort());
});

for (const tamper of TAMPERS) {
  test(`${tamper.name} is caught, and survives when the rules that catch it are switched off`, () => {
    const judgement = judgeEvidence(readEvidence(join(folder, tamper.name)));
    const all = [...tamper.mustFind, ...(ALSO[tamper.name] ?? [])].sort();
    expect(failing(judgement.findings)).toEqual(all);
    expect(fateWithout(tamper, judgement, [])).toBe('caught');
    // Other rules may still fail the scenario: for another reason, which is luck.
    expect(fateWithout(tamper, judgement, tamper.mustFind)).not.toBe('caught');
    // With none left that looks at these frames nothing fails any more.
    expect(failing(judgement.findings.filter(({ signature }) => !all.includes(signature)))).toEqual([]);
    expect(fateWithout(tamper, judgement, all)).not.toBe('caught');
    // Whatever else is off, its own rules catch it.
    expect(fateWithout(tamper, judgement, ALSO[tamper.name] ?? [])).toBe('caught');
  });
}
