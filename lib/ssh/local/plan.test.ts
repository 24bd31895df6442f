import { expect, test } from '@playwright/test';
import { loadBinding, type BoundTopology } from '../../binding/load.js';
import type { Binding } from '../../binding/schema.js';
import { DEFAULTS } from '../../defaults.js';
import { planMachines } from './plan.js';

const FILE = 'topologies/bindings/two-linux-leaves-local.yaml';
const load = (): Promise<BoundTopology> => loadBinding(FILE, DEFAULTS.dataPlanes);

test('the binding that is made for it is laid out: each machine in a /30 of its own, each leg a cable', async () => {
  const plan = planMachines(await load(), FILE);
  expect(plan.machines.map(({ name, near, far, user }) => [name, near, far, user])).toEqual([
    ['server', '192.0.2.5', '192.0.2.6', 'root'],
    ['leafa', '192.0.2.9', '192.0.2.10', 'root'],
    ['leafb', '192.0.2.13', '192.0.2.14', 'root'],
  ]);
  expect(plan.cables.map((ends) => ends.map(({ machine, port }) => `${machine} ${port}`))).toEqual([
    ['server eth1', 'leafa swp1'],
    ['server eth2', 'leafb swp1'],
  ]);
  expect(plan.identityFile).toMatch(/two-linux-leaves-local\/id$/);
});

test('what namespaces here cannot be is refused in a sentence', async () => {
  const bound = await load();
  const refusal = (edit: Partial<Binding>): string => {
    try {
      planMachines({ ...bound, binding: { ...bound.binding, ...edit } }, FILE);
    } catch (error) {
      return String(error);
    }
    return 'not refused';
  };
  const { machines, leaves } = bound.binding;
  const leafb = (edit: object): Partial<Binding> => ({
    machines: { ...machines, leafb: { ...machines['leafb'], ssh: '192.0.2.14', ...edit } },
  });
  expect(refusal({ switches: 'installed' })).toContain('its switches are installed');
  expect(refusal({ keys: { agent: true } })).toContain('where the key and the known hosts are to be put');
  expect(refusal(leafb({ ssh: '10.0.0.2' }))).toContain('10.0.0.2, is not one for documentation');
  expect(refusal(leafb({ ssh: 'leafb.example.net' }))).toContain('is not one for documentation');
  expect(refusal(leafb({ ssh: '192.0.2.16' }))).toContain('not one of the two addresses of a link');
  expect(refusal(leafb({ ssh: '192.0.2.9' }))).toContain('leafb and leafa are in one network, 192.0.2.8/30');
  expect(refusal(leafb({ via: ['leafa'] }))).toContain('leafb is behind another machine');
  expect(refusal(leafb({ user: 'a:b' }))).toContain('no name of a user');
  const bothOnOne = { ...leaves, 'leaf-b': { ...leaves['leaf-b'], machine: 'leafa' } } as Binding['leaves'];
  expect(refusal({ leaves: bothOnOne })).toContain('two legs have the port leafa swp1');
  const onTheWay = { ...leaves, 'leaf-b': { ...leaves['leaf-b'], ports: { 'to-host': 'mgmt' } } } as Binding['leaves'];
  expect(refusal({ leaves: onTheWay })).toContain('leafb mgmt is the way to that machine here');
});
