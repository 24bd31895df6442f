import { expect, test } from '@playwright/test';
import { changesSince, type Release } from './release.js';

const BEFORE: Release = {
  schema: 1,
  sentence: 's',
  qualified: true,
  createdAt: '2026-11-01T00:00:00.000Z',
  version: '0.1.0',
  replicator: 'ovs-group',
  cells: {
    same: 'pass',
    worse: 'pass',
    waived: 'pass',
    better: 'nothing',
    gone: 'pass',
    'gap that is gone': 'nothing',
  },
  facts: { kernel: ['6.1'], commit: ['a'.repeat(40)], nic: ['x'] },
};

test('what changed since a release: worse first, and what is not asked any more is no improvement', () => {
  const now: Release = {
    ...BEFORE,
    replicator: 'ours',
    cells: { same: 'pass', worse: 'not judged', waived: 'waived', better: 'pass', added: 'pass' },
    facts: { kernel: ['6.1', '6.12'], commit: ['b'.repeat(40)] },
  };
  expect(changesSince(BEFORE, now)).toEqual({
    worse: ['waived: pass -> waived', 'worse: pass -> not judged'],
    better: ['better: nothing -> pass'],
    gone: ['gone'],
    added: ['added'],
    facts: [
      'commit: aaaaaaaaaaaa -> bbbbbbbbbbbb',
      'kernel: 6.1 -> 6.1, 6.12',
      'nic: x -> none',
      'replicator: ovs-group -> ours',
    ],
  });
  expect(Object.values(changesSince(BEFORE, BEFORE)).flat()).toEqual([]);
});
