import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { columnsOf, unfit } from './pairs.js';
import type { PlaneColumn } from './types.js';

const { dataPlanes, replicators } = DEFAULTS;
const ALL = { planes: [], modes: [] };

test('every data plane is there in every variant, and what is left out is said', () => {
  const { columns, leftOut } = columnsOf(dataPlanes, ALL);
  const brought = dataPlanes.filter(({ isAsFound }) => isAsFound !== true);
  expect(columns).toEqual(
    brought.flatMap(({ kind, variants }) => variants.map((variant) => ({ plane: kind, variant }))),
  );
  expect(leftOut).toEqual([expect.stringMatching(/^installed: .*--binding/)]);
});

test('data planes and modes narrow it; unknown ones, and one that is as found, are refused with what there is', () => {
  const [one] = dataPlanes;
  if (one === undefined) throw new Error('there is no data plane');
  const [mode = ''] = one.variants.slice(1);
  expect(columnsOf(dataPlanes, { planes: [one.kind, one.kind], modes: [mode] })).toEqual({
    columns: [{ plane: one.kind, variant: mode }],
    leftOut: [],
  });
  expect(() => columnsOf(dataPlanes, { ...ALL, planes: ['qso'] })).toThrow('unknown data plane "qso"');
  expect(() => columnsOf(dataPlanes, { planes: [one.kind], modes: ['nope'] })).toThrow(
    'unknown mode of these data planes',
  );
  expect(() => columnsOf(dataPlanes, { ...ALL, planes: ['installed'] })).toThrow('a matrix cannot bring it up');
});

test('a replicator that is not made for a data plane is named with those that are', () => {
  const dup = { name: 'dup', on: ['bridge'] };
  const [bridge, other] = ['bridge', 'other'].map((plane) => ({ plane, variant: 'slow' })) as [
    PlaneColumn,
    PlaneColumn,
  ];
  expect(unfit(dup, bridge, replicators)).toBeNull();
  expect(unfit({ name: 'any', on: 'any' }, bridge, replicators)).toBeNull();
  expect(unfit(dup, other, [dup, { name: 'fits', on: ['other'] }])).toBe('dup is made for bridge; other takes fits');
  expect(unfit({ ...dup, modes: ['slow', 'fast'] }, bridge, replicators)).toBeNull();
  expect(unfit({ ...dup, modes: ['fast'] }, bridge, replicators)).toBe(
    'dup is made for fast of bridge, and not for slow',
  );
});
