import { expect, test } from '@playwright/test';
import { testTitle } from '../runner/testTitle.js';
import { scenarioPattern } from './scenarioPattern.js';

/** What the runner matches: project, file, title and tags. */
const REFRESHED = testTitle({
  scenario: 'with one leg out, data goes on (or not)',
  control: { type: 'mutant', name: 'refresher' },
  mode: null,
});
const IN_SLB = testTitle({ scenario: 'every ARP form reaches every leaf', control: null, mode: 'balance-slb' });
const LINES = [
  `ovs-bond replication/arp.spec.ts ${IN_SLB} @scenario`,
  `controls faults/unplug.spec.ts ${REFRESHED} @control @declared`,
  ' ../their own/data.spec.mts data goes out once, and over every leg @scenario @not:balance-slb',
];

function selected(...titles: readonly string[]): readonly number[] {
  const pattern = new RegExp(scenarioPattern(titles) ?? '', 'gi');
  return LINES.flatMap((line, i) => {
    pattern.lastIndex = 0;
    return pattern.test(line) ? [i] : [];
  });
}

test('a text is looked for in titles only, whatever its case', () => {
  expect(selected('every arp form')).toEqual([0]);
  expect(selected('data')).toEqual([1, 2]);
  expect(selected('(or not)', 'every ARP')).toEqual([0, 1]);
  for (const elsewhere of [
    'slb',
    'mode',
    'ovs-bond',
    'refresher',
    'unplug',
    'spec.ts',
    'declared',
    'mutant',
    'scenario',
    'control',
    'data.spec',
  ])
    expect(selected(elsewhere), elsewhere).toEqual([]);
});

test('without a text, all are meant', () => {
  expect(scenarioPattern([])).toBeNull();
});
