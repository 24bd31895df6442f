import { expect, test } from '@playwright/test';
import type { RecoveryFigure } from '../judge/types.js';
import { recoveryRows, spreadOf } from './recoveryTable.js';
import { passingRun } from './testing/sampleRun.js';

const figure = (
  verb: string,
  backNs: number | null,
  gap: number,
  firstMissingNs: number | null = null,
): RecoveryFigure => ({
  verb,
  leg: 'leg-a',
  fromNs: '1',
  downNs: 5,
  probes: 9,
  firstMissingNs,
  backNs,
  longestGapNs: { 'leaf-a': gap, 'leaf-b': 1 },
});

test('median and worst of odd, even and no figures', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, worst: 3 });
  expect(spreadOf([4, 1])).toEqual({ median: 2.5, worst: 4 });
  expect(spreadOf([])).toBeNull();
});

test('figures are gathered by replicator, data plane and fault; controls are left out', () => {
  const [first, ...others] = passingRun().run.experiments;
  if (first?.judgement === undefined || first.judgement === null) throw new Error('the sample has no judgement');
  const one = (recovery: readonly RecoveryFigure[], mutant: boolean) => ({
    ...first,
    replicator: 'r',
    dataplane: 'p',
    plane: first.plane === null ? null : { ...first.plane, variant: 'v' },
    judgement: first.judgement === null ? null : { ...first.judgement, recovery },
    intent: mutant ? ({ type: 'control', mutant: 'off' } as const) : ({ type: 'qualify' } as const),
  });
  expect(others.length).toBeGreaterThan(0);
  expect(
    recoveryRows([
      one([figure('unplug', 10, 100), figure('mute', null, 7)], false),
      one([figure('unplug', 30, 50, 4)], false),
      one([figure('unplug', 999, 999)], true),
    ]),
  ).toEqual([
    {
      replicator: 'r',
      plane: 'p',
      variant: 'v',
      verb: 'mute',
      times: 1,
      missing: 0,
      back: null,
      neverBack: 1,
      gap: { median: 7, worst: 7 },
    },
    {
      replicator: 'r',
      plane: 'p',
      variant: 'v',
      verb: 'unplug',
      times: 2,
      missing: 1,
      back: { median: 20, worst: 30 },
      neverBack: 0,
      gap: { median: 75, worst: 100 },
    },
  ]);
});
