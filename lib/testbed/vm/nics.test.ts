import { expect, test } from '@playwright/test';
import { defaultTopology } from '../../testing/defaultLab.js';
import { need, offer } from '../capability.js';
import type { Change, Step } from '../change.js';
import type { Lab } from '../lab.js';
import type { Link } from '../port.js';
import { withCables } from './nics.js';

async function lab(cables: string[] | null): Promise<Lab> {
  const topology = await defaultTopology();
  const change = (name: string): Change => ({
    name,
    steps: [{ what: name, run: () => Promise.resolve(cables?.push(name)) }],
    undo: [{ what: name, run: () => Promise.resolve(cables?.push(`no ${name}`)) }],
    maxMs: 1,
  });
  const link = (name: string) =>
    ({ name, cut: offer(() => change(`${name} cut`)), shut: offer((end) => change(`${name} ${end} shut`)) }) as Link;
  const cable = (nic: number, isIn: boolean) => Promise.resolve(void cables?.push(`nic ${nic} ${isIn ? 'in' : 'out'}`));
  const sriov = { nics: [], most: 7, give: () => Promise.resolve(), cable };
  return {
    ...({ topology, links: ['leg-a', 'leg-b', 'vm1'].map(link), link } as Partial<Lab> as Lab),
    ...(cables === null ? {} : { sriov }),
  };
}

const run = async (steps: readonly Step[]) => {
  for (const step of steps) if ('run' in step) await step.run();
};

test('with the carrier of a leg that of its NIC goes and comes', async () => {
  const told: string[] = [];
  const made = withCables(await lab(told));
  const cut = need(made.link('leg-b').cut)();
  await run(cut.steps);
  await run(cut.undo);
  expect(told.splice(0)).toEqual(['leg-b cut', 'nic 1 out', 'nic 1 in', 'no leg-b cut']);
  const [first] = made.links;
  if (first === undefined) throw new Error('it has no link');
  await run(need(first.shut)('a').steps);
  expect(told.splice(0)).toEqual(['leg-a a shut', 'nic 0 out']);
});

test('a link of a VM has no NIC, and a lab without NICs is left as it is', async () => {
  const told: string[] = [];
  await run(need(withCables(await lab(told)).link('vm1').cut)().steps);
  expect(told).toEqual(['vm1 cut']);
  const plain = await lab(null);
  expect(withCables(plain)).toBe(plain);
});
