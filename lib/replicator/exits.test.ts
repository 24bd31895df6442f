import { expect, test } from '@playwright/test';
import type { Plane } from '../dataplane/plane.js';
import type { Lab } from '../testbed/lab.js';
import type { Node } from '../testbed/node.js';
import { defaultTopology } from '../testing/defaultLab.js';
import { exitsOf } from './exits.js';

async function exits(enabled: readonly string[], own?: Plane['exits']) {
  const topology = await defaultTopology();
  const lab = { topology, node: (name: string) => ({ name }) as Node } as Lab;
  const members = () =>
    Promise.resolve(
      topology.legs.map(({ name: leg }) => ({ leg, enabled: enabled.includes(leg), lacp: 'off', partner: null })),
    );
  const plane = { members, ...(own === undefined ? {} : { exits: own }) } as Partial<Plane> as Plane;
  const fact = { name: 'copies from x', ok: true, value: '', command: '' };
  return Promise.all(
    exitsOf({ lab, plane }).map(async ({ node, ports, live, named }) => [
      node.name,
      ports.join(),
      (await live()).join(),
      named(fact).name,
    ]),
  );
}

test("copies are made at the host's ends of the legs, for those in use", async () => {
  expect(await exits(['leg-a', 'leg-b'])).toEqual([['host', 'up-a,up-b', 'up-a,up-b', 'copies from x']]);
  expect(await exits(['leg-b'])).toEqual([['host', 'up-a,up-b', 'up-b', 'copies from x']]);
});

test('or where each sender chooses the leg by itself, on each of their machines', async () => {
  const ports = new Map([
    ['leg-b', 'vf1'],
    ['leg-a', 'vf0'],
  ]);
  expect(
    await exits(
      ['leg-a'],
      ['vm1', 'vm2'].map((node) => ({ node, ports })),
    ),
  ).toEqual([
    ['vm1', 'vf0,vf1', 'vf0', 'copies from x of vm1'],
    ['vm2', 'vf0,vf1', 'vf0', 'copies from x of vm2'],
  ]);
});
