import { expect, test } from '@playwright/test';
import { readCarrierLine } from './carrierMonitor.js';

test('a line of the kernel says when which port lost its carrier', () => {
  const line = String.raw`[2026-03-01T12:00:01.000456] 3: up-a@if2: <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN> mtu 1500 qdisc noqueue state LOWERLAYERDOWN group default \    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff`;
  expect(readCarrierLine(line)).toEqual({
    atNs: `${Date.parse('2026-03-01T12:00:01') / 1000}000456000`,
    port: 'up-a',
    carrier: 'down',
  });
  expect(
    readCarrierLine(line.replace('NO-CARRIER,BROADCAST', 'BROADCAST').replace('M-DOWN', 'LOWER_UP'))?.carrier,
  ).toBe('up');
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
