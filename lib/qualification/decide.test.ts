import { expect, test } from '@playwright/test';
import { passingRun } from '../report/testing/sampleRun.js';
import type { RunReport } from '../run/result.js';
import { decide } from './decide.js';
import { judgedTrial, type QualifiedRun } from './judged.js';
import { qualifiedRun } from './testing/qualifiedRun.js';

const CREATED = new Date('2026-11-28T12:00:00.000Z');

/** A run against which nothing speaks. */
function goodRun(): QualifiedRun {
  const { run } = passingRun();
  return qualifiedRun({ ...run, startedAt: '2026-11-28T10:00:00.000Z', durationMs: 60_000 });
}

/** What speaks against these runs; there is no requirement, so that this is said of all of them. */
function problems(...runs: readonly QualifiedRun[]): readonly string[] {
  const judged = runs.flatMap((run) =>
    run.report.experiments
      .filter(({ intent }) => intent.type === 'qualify')
      .map((trial) => judgedTrial(run, trial, [], '2026-11-28')),
  );
  return decide({ runs, judged, requirements: [], coverage: [], waivers: [], createdAt: CREATED }).problems.filter(
    (problem) => problem !== 'there is no requirement',
  );
}

type Change = (run: QualifiedRun) => Partial<QualifiedRun>;

const inReport =
  (change: (report: RunReport) => Partial<RunReport>): Change =>
  ({ report }) => ({ report: { ...report, ...change(report) } });
const inControls = (change: Partial<RunReport['controls']>): Change =>
  inReport(({ controls }) => ({ controls: { ...controls, ...change } }));
const inRecord =
  (change: Partial<QualifiedRun['record']>): Change =>
  ({ record }) => ({ record: { ...record, ...change } });
const at = (startedAt: string): Change => inReport(() => ({ startedAt }));

const CASES: readonly (readonly [string, Change, readonly string[]])[] = [
  ['it was interrupted', inRecord({ status: 'interrupted' }), ['the run was cut short, the runner says: interrupted']],
  ['it ran out of time', inRecord({ status: 'timedout' }), ['the run was cut short, the runner says: timedout']],
  ['the runner broke', inRecord({ errors: ['no such file\n  at somewhere'] }), ['the runner broke: no such file']],
  [
    'its machines were left otherwise',
    () => ({ machines: { status: 'given back', repaired: [], differs: ['leaf-a: a rule more'], error: null } }),
    ['the machines are not as they were: leaf-a: a rule more'],
  ],
  [
    'a binding without a comparison',
    () => ({ plan: { bindingFile: 'rack.yaml' } as QualifiedRun['plan'] }),
    ['the machines of its binding were not compared with how they were before it'],
  ],
  [
    'its machines were not asked what they are',
    () => ({ inventory: null }),
    ['what its machines are was not asked before it and after it'],
  ],
  [
    'two kernels',
    ({ manifests }) => ({
      manifests: Object.fromEntries(
        Object.entries(manifests).map(([id, manifest], i) => [
          id,
          { ...manifest, environment: { kernel: i === 0 ? '6.12' : '6.17' } },
        ]),
      ),
    }),
    ['its machines changed while it ran: experiments name different programs or kernels'],
  ],
  ['a survivor', inControls({ survivors: ['off'] }), ['off survived: this lab would not notice it']],
  ['an open control', inControls({ undecided: ['echo'] }), ['whether echo is noticed could not be judged']],
  [
    'a scenario that never failed',
    inControls({ unproven: ['a scenario'] }),
    ['nothing shows that this scenario can fail: a scenario'],
  ],
  [
    'no control',
    inControls({ mutants: [], tampers: [] }),
    ['no control was caught, so nothing shows that this run would have noticed anything'],
  ],
  [
    'a broken control',
    inReport(({ experiments }) => ({
      experiments: experiments.map((one) =>
        one.intent.type === 'control' ? { ...one, id: 'a control', verdict: 'blocked' } : one,
      ),
    })),
    ['a control broke: a control'],
  ],
  [
    'nothing was tried',
    inReport(({ experiments }) => ({ experiments: experiments.filter(({ intent }) => intent.type === 'control') })),
    ['nothing passed in it'],
  ],
  [
    'a time to come',
    at('2026-11-28T12:10:00.000Z'),
    ['it ended at 2026-11-28T12:11:00.000Z, after this statement was made'],
  ],
  ['no time', at('yesterday'), ['it does not say when it was made']],
  [
    'another reason',
    inReport(() => ({ verdict: 'inconclusive', sentence: 'Nobody knows why.' })),
    ['the run as a whole is inconclusive: Nobody knows why.'],
  ],
];

test('nothing speaks against a run that is whole', () => {
  expect(problems(goodRun())).toEqual([]);
  // Clocks differ a little.
  const run = goodRun();
  expect(problems({ ...run, ...at('2026-11-28T12:03:00.000Z')(run) })).toEqual([]);
});

for (const [name, change, said] of CASES)
  test(`it speaks against a run: ${name}`, () => {
    const run = goodRun();
    const found = problems({ ...run, ...change(run) });
    expect([...new Set(found)]).toEqual(said.map((one) => `runs/1: ${one}`));
  });

test('runs are taken together where they are different ones, of one replicator', () => {
  const other: QualifiedRun = { ...goodRun(), folder: 'runs/2', evidence: 'sha256:2' };
  const named = (run: QualifiedRun, change: Partial<RunReport>): QualifiedRun => ({
    ...run,
    report: { ...run.report, ...change },
  });
  const second = named(other, { run: 'another' });
  expect(problems()).toEqual(['there is no run']);
  expect(problems(goodRun(), second)).toEqual([]);
  // The same evidence, or the same run.
  expect(problems(goodRun(), { ...second, evidence: 'sha256:1' })).toEqual(['runs/1 and runs/2 are the same run']);
  expect(problems(goodRun(), other)).toEqual(['runs/1 and runs/2 are the same run']);
  const different = ['runs/1 and runs/2 are of different replicators'];
  expect(problems(goodRun(), named(second, { replicator: 'nft-dup' }))).toEqual(different);
  expect(problems(goodRun(), { ...second, plan: { inputs: { replicator: 'sha256:9' } } as never })).toEqual(different);
});
