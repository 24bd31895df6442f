import { expect, test } from '@playwright/test';
import { readCarrierLine } from './carrierMonitor.js';

test('a line of the kernel says when which port lost its carrier', () => {
  const line = String.raw`[2026-03-01T12:00:01.000456] 3: up-a@if2: <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN> mtu 1500 qdisc noqueue state LOWERLAYERDOWN group default \    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff`;
  expect(readCarrierLine(line)).toEqual({
    atNs: '1772366401000456000',
    port: 'up-a',
    carrier: 'down',
  });
  expect(
    readCarrierLine(line.replace('NO-CARRIER,BROADCAST', 'BROADCAST').replace('M-DOWN', 'LOWER_UP'))?.carrier,
  ).toBe('up');
});

test('times of messages about other ports before it are not its own', () => {
  const line =
    '[2026-03-01T11:59:58.000001] [2026-03-01T12:00:01.000456] 3: up-a@if2: <NO-CARRIER,BROADCAST,UP> mtu 1500';
  expect(readCarrierLine(line)).toEqual({ atNs: '1772366401000456000', port: 'up-a', carrier: 'down' });
});

test.describe('in another time zone', () => {
  const zone = process.env['TZ'];
  test.beforeAll(() => void (process.env['TZ'] = 'America/New_York'));
  test.afterAll(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  test('it is the same moment', () => {
    expect(new Date('2026-03-01T12:00:01').getTimezoneOffset(), 'the zone is in force').toBe(300);
    const line = '[2026-03-01T12:00:01.000456] 3: up-a@if2: <BROADCAST,UP,LOWER_UP> mtu 1500';
    expect(readCarrierLine(line)?.atNs).toBe('1772366401000456000');
  });
});

test('what is no such line is nothing', () => {
  for (const line of [
    '',
    'Deleted 3: up-a@if2',
    '[yesterday] 3: up-a: <UP>',
    '[2026-99-01T12:00:01.000456] 3: up-a: <UP>',
  ])
    expect(readCarrierLine(line)).toBeNull();
});
