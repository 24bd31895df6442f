import { expect, test } from '@playwright/test';
import type { Finding, Signature, Verdict } from '../judge/types.js';
import type { TrialRecord } from './result.js';
import { MUTANTS } from '../control/ovs/registry.js';
import { controlReasons } from './controlReasons.js';
import { controlsTable, unnoticedIn } from './controls.js';
import { plannedControl, type PlannedControl } from './plan.js';

const TAMPERS: readonly PlannedControl[] = [
  { name: 'lose-nd', description: 'Neighbor Discovery never leaves on one leg.', mustShow: ['missing'] },
];

const ALL = { mutants: MUTANTS.map(plannedControl), tampers: TAMPERS, declared: true, complete: false };

function experiment(
  scenario: string,
  mutant: string | null,
  verdict: Verdict,
  shows: readonly Signature[] = [],
  rest: Partial<TrialRecord> = {},
): TrialRecord {
  const findings = shows.map((signature): Finding => ({
    property: 'P1',
    signature,
    verdict: 'fail',
    count: 1,
    probes: [],
    sentence: signature,
  }));
  return {
    id: `${scenario}--${mutant ?? 'own'}`,
    scenario,
    source: 'x.spec.ts:1',
    dataplane: 'ovs-bond/balance-tcp',
    plane: null,
    replicator: mutant ?? 'ovs-group',
    verdict,
    reasons: [],
    durationMs: 1,
    error: null,
    intent: mutant === null ? { type: 'qualify' } : { type: 'control', mutant },
    judgement: { findings } as unknown as TrialRecord['judgement'],
    ...rest,
  };
}

test('a mutant is caught where the scenario fails for the reason that is its own', () => {
  const table = controlsTable(
    [experiment('arp', null, 'pass'), experiment('arp', 'off', 'fail', ['missing', 'late'])],
    ALL,
  );
  expect(table).toMatchObject({
    survivors: [],
    undecided: [],
    unproven: [],
    mutants: [{ mutant: 'off', fate: 'caught', cells: { arp: { fate: 'caught', proofs: ['missing'] } } }],
  });
});

test('a pass, or a failure for another reason, lets it survive; each scenario that declares it must catch it', () => {
  for (const wrong of [experiment('nd', 'off', 'pass'), experiment('nd', 'off', 'fail', ['duplicate'])]) {
    const experiments = [
      experiment('arp', null, 'pass'),
      experiment('nd', null, 'pass'),
      experiment('arp', 'off', 'fail', ['missing']),
      wrong,
    ];
    const table = controlsTable(experiments, ALL);
    expect(table).toMatchObject({ survivors: ['off'], unproven: ['nd'] });
    expect(table.mutants.flatMap(unnoticedIn)).toEqual(['nd']);
    // All against all: most scenarios do not ask about what a mutant breaks.
    expect(controlsTable(experiments, { ...ALL, declared: false }).survivors).toEqual([]);
  }
});

test('a control that could not be judged leaves its mutant undecided: not caught, and not missed either', () => {
  for (const verdict of ['inconclusive', 'blocked'] as const) {
    const table = controlsTable([experiment('arp', null, 'pass'), experiment('arp', 'off', verdict, ['missing'])], ALL);
    expect(table).toMatchObject({ survivors: [], undecided: ['off'], unproven: [] });
  }
  const both = [experiment('arp', 'off', 'blocked'), experiment('nd', 'off', 'pass')];
  expect(controlsTable(both, ALL)).toMatchObject({ survivors: ['off'], undecided: [] });
  const caughtElsewhere = [experiment('arp', 'off', 'blocked'), experiment('nd', 'off', 'fail', ['missing'])];
  expect(controlsTable(caughtElsewhere, ALL)).toMatchObject({ survivors: [], undecided: ['off'] });
  expect(controlsTable(caughtElsewhere, { ...ALL, declared: false })).toMatchObject({ survivors: [], undecided: [] });
});

test('a scenario may ask for the effect, not only for the missing copies behind it', () => {
  const cause = experiment('ageing', 'off', 'fail', ['missing'], { mustShow: ['table-lost'] });
  expect(controlsTable([cause], ALL).survivors).toEqual(['off']);
  const effect = experiment('ageing', 'off', 'fail', ['missing', 'table-lost'], { mustShow: ['table-lost'] });
  expect(controlsTable([effect], ALL)).toMatchObject({
    survivors: [],
    mutants: [{ cells: { ageing: { proofs: ['table-lost'] } } }],
  });
});

test('without any control every scenario is unproven; one that cannot be tried here is not', () => {
  const table = controlsTable(
    [experiment('arp', null, 'pass'), experiment('fabric', null, 'skipped'), experiment('fabric', 'off', 'skipped')],
    ALL,
  );
  expect(table).toMatchObject({ mutants: [], unproven: ['arp'] });
});

test('of a complete run each mutant must have been tried, where it could be', () => {
  const complete = { ...ALL, complete: true };
  const run = [experiment('arp', 'off', 'fail', ['missing']), experiment('on the host', 'leaves-only', 'skipped')];
  expect(controlsTable(run, complete).survivors).toContain('arp-only');
  expect(controlsTable(run, complete).survivors).not.toContain('leaves-only');
});

test('a run is held against the mutants of its own time, not against those of the version that judges it', () => {
  const own = {
    tampers: [],
    mutants: [{ name: 'of-its-time', description: 'It is no longer known.', mustShow: ['missing'] }],
    declared: true,
    complete: true,
  } as const;
  expect(controlsTable([experiment('arp', null, 'pass'), experiment('arp', 'of-its-time', 'pass')], own)).toMatchObject(
    { survivors: ['of-its-time'], mutants: [{ mutant: 'of-its-time' }] },
  );
  expect(
    controlsTable([experiment('arp', null, 'pass'), experiment('arp', 'of-its-time', 'fail', ['missing'])], own),
  ).toMatchObject({ survivors: [], mutants: [{ mutant: 'of-its-time' }] });
});

const TAMPER = { intent: { type: 'control', tamper: 'lose-nd' } } as const;

test('a tamper is a row of its own: what it catches proves a scenario, and what misses it is a survivor', () => {
  const caught = controlsTable(
    [experiment('nd', null, 'pass'), experiment('nd', null, 'fail', ['missing'], TAMPER)],
    ALL,
  );
  expect(caught).toMatchObject({
    mutants: [],
    tampers: [{ tamper: 'lose-nd', fate: 'caught', cells: { nd: { proofs: ['missing'] } } }],
    survivors: [],
    unproven: [],
  });
  const missed = controlsTable(
    [experiment('nd', null, 'pass'), experiment('nd', null, 'fail', ['duplicate'], TAMPER)],
    ALL,
  );
  expect(missed).toMatchObject({ survivors: ['lose-nd'], unproven: ['nd'] });
  expect(controlReasons(missed, [], true)).toEqual([
    'tamper lose-nd survived: this lab would not notice such a wrong in "nd"',
    'no control ever made this scenario fail, so nothing shows that it can: nd',
  ]);
});

test('a tamper that cannot be tried on this machine is no survivor, and proves nothing', () => {
  const table = controlsTable([experiment('nd', null, 'pass'), experiment('nd', null, 'skipped', [], TAMPER)], {
    ...ALL,
    mutants: [],
    complete: true,
  });
  expect(table).toMatchObject({ tampers: [], survivors: [], unproven: ['nd'] });
});
