import { expect, test } from '@playwright/test';
import { controllerFact, failModeFact, hiddenFact } from './audit.js';

const TARGET = 'unix:/run/ovs/controller';
const ALIVE = { datapath: '0000020000000101' };

test('a controller is right where the bridge names it, and no other, and both are connected', () => {
  expect(controllerFact([{ target: TARGET }], TARGET, ALIVE)).toMatchObject({
    ok: true,
    value: `${TARGET}: connected, datapath 0000020000000101`,
  });
  expect(controllerFact([], TARGET, ALIVE)).toMatchObject({ ok: false, value: expect.stringMatching(/^none: /) });
  expect(controllerFact([{ target: 'tcp:192.0.2.1:6653' }], TARGET, ALIVE).ok).toBe(false);
  expect(controllerFact([{ target: TARGET }, { target: 'tcp:192.0.2.1:6653' }], TARGET, ALIVE).ok).toBe(false);
  expect(controllerFact([{ target: TARGET }], TARGET, { why: 'it ended' })).toMatchObject({
    ok: false,
    value: `${TARGET}: not connected: it ended`,
  });
});

test('only a fail_mode that says secure is', () => {
  expect(failModeFact('secure')).toMatchObject({ ok: true, value: 'secure' });
  expect(failModeFact('standalone')).toMatchObject({ ok: false, value: 'standalone' });
  expect(failModeFact(['set', []])).toMatchObject({ ok: false, value: 'not set, which is the same as standalone' });
});

// As Open vSwitch 3.1 prints them.
const INTERNAL =
  'table_id=254, duration=3s, n_packets=0, n_bytes=0, priority=2,recirc_id=0,actions=drop\n' +
  'table_id=254, duration=3s, n_packets=0, n_bytes=0, priority=0,reg0=0x1,actions=controller(reason=)\n';
const OWN = 'duration=3s, n_packets=0, n_bytes=0, priority=65535,arp,actions=group:1\n';
const FAIL_OPEN = 'duration=1s, n_packets=9, n_bytes=540, priority=15790320,actions=NORMAL\n';

test('a flow that no priority of OpenFlow can have is hidden, and is named', () => {
  expect(hiddenFact(`${OWN}${INTERNAL}`)).toMatchObject({ ok: true, value: 'none' });
  expect(hiddenFact(`${OWN}${FAIL_OPEN}${INTERNAL}`)).toMatchObject({
    ok: false,
    value: 'priority=15790320,actions=NORMAL',
  });
});
