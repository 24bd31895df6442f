import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import type { VantageRecord } from '../../evidence/types.js';
import { eachCanary, PERFECT } from '../../judge/testing/vantageRecords.js';
import { uncarried } from './uncarried.js';

const among = (record: VantageRecord) =>
  DEFAULTS.tampers.filter(
    (tamper) => uncarried({ vantages: { 'leaf-a': PERFECT, 'leaf-b': record } }, tamper) !== null,
  );

const shows = (signature: (typeof DEFAULTS.tampers)[number]['mustFind'][number]) =>
  DEFAULTS.tampers.filter(({ mustFind }) => mustFind.every((one) => one === signature));

test('what a leaf does not carry is not asked of a tamper there, and all else is', () => {
  expect(among(PERFECT)).toEqual([]);
  expect(DEFAULTS.tampers.filter((tamper) => uncarried({}, tamper) !== null)).toEqual([]);
  const twice = eachCanary({ copies: 2 });
  expect(among(twice).map(({ name }) => name)).toEqual(
    expect.arrayContaining(shows('duplicate').map(({ name }) => name)),
  );
  expect(among(twice).some((tamper) => shows('missing').includes(tamper))).toBe(false);
  expect(among(eachCanary({ altered: ['content'] }))).toEqual(shows('identity'));
  expect(among({ ...PERFECT, showsSent: true })).toEqual(shows('reflection'));
});

test('what lacks is told with the leaf, the claim and what was seen', () => {
  const [tamper] = shows('identity');
  if (tamper === undefined) throw new Error('no tamper alters frames');
  expect(uncarried({ vantages: { 'leaf-b': eachCanary({ altered: ['content'] }) } }, tamper)).toEqual({
    what: `a capture of leaf-b that shows what the tamper ${tamper.name} does (identity)`,
    command: 'calibration of leafb swp1',
    output: '4 of 4 canaries came with other bytes on a single leg, with no replicator there',
  });
});
