import { expect, test } from '@playwright/test';
import { PERFECT } from '../testing/vantageRecords.js';
import { calibrated } from './calibrated.js';
import { CLAIMS, type VantageName } from './vantages.js';

test('where nothing could be tried, only what is on the wire is believed, and only by its nature', () => {
  const untried = 'nothing on the host can send frames';
  const carried = (kind: VantageName, showsSent = false) => {
    const record = { ...PERFECT, kind, canaries: [], ladder: [], counted: null, showsSent, untried };
    const place = calibrated(record, 0);
    return CLAIMS.filter((claim) => place.whyNot(claim) === null);
  };
  expect(carried('port')).toEqual(CLAIMS);
  expect(carried('tap', true)).toEqual(CLAIMS.filter((claim) => claim !== 'reflection'));
  for (const kind of ['span', 'trap', 'mirror-cpu'] as const) expect(carried(kind), kind).toEqual(['reached']);
});
