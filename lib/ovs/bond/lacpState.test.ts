import { expect, test } from '@playwright/test';
import { readLacp } from './lacpState.js';

const TEXT = `---- bond0 ----
  status: active negotiated
  sys_id: 02:00:00:00:00:01
  sys_priority: 65534
  aggregation key: 1
  lacp_time: fast

member: up-a: current attached
  port_id: 2
  may_enable: true

  actor sys_id: 02:00:00:00:00:01
  actor key: 1

  partner sys_id: 02:00:00:aa:00:01
  partner key: 7

member: up-b: defaulted detached
  port_id: 3

  actor sys_id: 02:00:00:00:00:01

  partner sys_id: 00:00:00:00:00:00
`;

test('each member says its state and the system at the other end', () => {
  expect(readLacp(TEXT)).toEqual([
    { port: 'up-a', status: 'current', partner: '02:00:00:aa:00:01' },
    { port: 'up-b', status: 'defaulted', partner: '00:00:00:00:00:00' },
  ]);
  expect(readLacp('')).toEqual([]);
});
