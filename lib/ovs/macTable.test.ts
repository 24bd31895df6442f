import { expect, test } from '@playwright/test';
import { TestbedError } from '../testbed/error.js';
import type { Node } from '../testbed/node.js';
import { movesIn, readMoves } from './macTable.js';
import type { OvsSwitch } from './switch.js';

const TEXT = `Statistics for bridge "br0":
  Current/maximum MAC entries in the table: 3/8192
  Current static MAC entries in the table : 0
  Total number of learned MAC entries     : 4
  Total number of expired MAC entries     : 1
  Total number of evicted MAC entries     : 0
  Total number of port moved MAC entries  : 12
`;

const refused = () => Promise.reject(new TestbedError('connection refused'));
const named = (name: string, appctl: OvsSwitch['appctl']): OvsSwitch =>
  ({ node: { name } as Node, appctl }) as OvsSwitch;

test('a switch says how often a MAC got another port', () => {
  expect(movesIn(TEXT)).toBe(12);
  expect(movesIn('')).toBeNull();
});

test('of a switch that does not answer nothing is known where it is not waited for', async () => {
  expect(await readMoves(named('leaf-a', () => Promise.resolve(TEXT)))).toBe(12);
  expect(
    await readMoves(
      named('leaf-b', () => Promise.resolve('another release')),
      1_000,
    ),
  ).toBeNull();
  expect(await readMoves(named('host', refused), 1_000)).toBeNull();
  await expect(readMoves(named('host', refused))).rejects.toThrow('connection refused');
});
