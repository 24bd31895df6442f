import { expect, test } from '@playwright/test';
import { failingRun, passingRun } from '../report/testing/sampleRun.js';
import type { RunReport } from './result.js';
import { sentenceOf } from './sentence.js';

const INVENTED = 'leaf-a heard 3 ARP replies from vm1 that vm1 never sent.';

function failing(totals: Partial<RunReport['totals']>, reasons: readonly string[]): string {
  const { run } = failingRun();
  const [first] = run.experiments;
  if (first === undefined) throw new Error('the sample has an experiment');
  const control = {
    ...first,
    intent: { type: 'control', mutant: 'off' },
    reasons: ['A control is no reason.'],
  } as const;
  const passed = { ...first, verdict: 'pass', reasons: ['What passed is no reason.'] } as const;
  return sentenceOf({
    ...run,
    replicator: 'ours',
    totals: { ...run.totals, probes: 7, missing: 0, duplicate: 0, altered: 0, dataDuplicated: 0, ...totals },
    experiments: [control, passed, { ...first, verdict: 'fail', reasons }],
    controls: { ...run.controls, mutants: [], tampers: [] },
    reasons: ['balance-tcp: a reason of the run.'],
  });
}

test('a run that fails by what is counted says how often', () => {
  expect(failing({ missing: 2 }, [INVENTED])).toBe(
    'ours does not work: of 7 neighbor frames, 2 copies are missing, 0 duplicated and 0 altered; 0 other frames were copied; no controls were made.',
  );
});

test('a run that fails by what is in no figure says what was wrong', () => {
  expect(failing({}, [INVENTED, 'Something else.'])).toBe(
    'ours does not work: leaf-a heard 3 ARP replies from vm1 that vm1 never sent; no controls were made.',
  );
  expect(failing({}, [])).toBe('ours does not work: balance-tcp: a reason of the run; no controls were made.');
});

test('what could not be tried is not counted as an experiment that passed', () => {
  const { run } = passingRun();
  const [first] = run.experiments;
  if (first === undefined) throw new Error('the sample has an experiment');
  const skipped = { ...first, verdict: 'skipped', intent: { type: 'qualify' } } as const;
  const count = run.experiments.filter(
    ({ intent, verdict }) => intent.type === 'qualify' && verdict !== 'skipped',
  ).length;
  expect(sentenceOf(run)).toContain(`in ${count} experiments;`);
  expect(sentenceOf({ ...run, experiments: [...run.experiments, skipped, skipped] })).toContain(
    `in ${count} experiments (2 more could not be tried here);`,
  );
});

test('mutants and tampers are counted apart, and neither where none was tried', () => {
  const { run } = passingRun();
  expect(sentenceOf(run)).toContain('; 6 of 6 mutants and 1 of 1 tampers were caught.');
  const { mutants, tampers } = run.controls;
  expect(sentenceOf({ ...run, controls: { ...run.controls, mutants: [] } })).toContain('; 1 of 1 tampers were caught.');
  expect(sentenceOf({ ...run, controls: { ...run.controls, tampers: [] } })).toContain('; 6 of 6 mutants were caught.');
  const survivors = [tampers[0]?.tamper ?? '', mutants[0]?.mutant ?? ''];
  expect(sentenceOf({ ...run, verdict: 'fail', controls: { ...run.controls, survivors } })).toBe(
    'This run proves nothing about ovs-group: 2 of 7 things that were made wrong on purpose were not noticed.',
  );
});
