import { expect, test } from '@playwright/test';
import { reasonsAgainst, type MachinesRecord } from './machinesRecord.js';

test('machines that were not given back as they were are a reason against a run', () => {
  const record: MachinesRecord = { status: 'given back', repaired: ['leafa: something'], differs: [], error: null };
  expect(reasonsAgainst(record)).toEqual([]);
  expect(reasonsAgainst({ ...record, status: 'held' })).toEqual([
    'the machines were not compared with how they were: the run was killed',
  ]);
  expect(reasonsAgainst({ ...record, differs: ['leafa: swp1 mtu was 1500, is 1400'] })).toEqual([
    'the machines are not as they were: leafa: swp1 mtu was 1500, is 1400',
  ]);
  expect(reasonsAgainst({ ...record, error: 'the lease was lost' })).toEqual([
    'the machines could not be compared with how they were: the lease was lost',
  ]);
});
