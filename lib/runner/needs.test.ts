import { expect, test } from '@playwright/test';
import { defaultTopology } from '../testing/defaultLab.js';
import { demandsOf } from './setup.js';
import { fitsSome, isForeign, labNeeds, lacksOf, unfitVariants } from './needs.js';

const plane = {
  kind: 'ours',
  variants: ['all', 'one'],
  needs: ['cut'],
  traits: (variant: string) => ({
    kind: 'ours',
    variant,
    lacp: false,
    spreads: variant === 'all' ? ('flows' as const) : ('no' as const),
    hears:
      variant === 'all'
        ? ({ unicast: 'all', multicast: 'all' } as const)
        : ({ unicast: 'active', multicast: 'active' } as const),
  }),
} as const;

test('a scenario is run in the variants that have what it needs', () => {
  expect(unfitVariants({}, plane)).toEqual([]);
  expect(unfitVariants({ needs: ['spreads'] }, plane)).toEqual(['one']);
  expect(unfitVariants({ needs: ['hears', 'cut', 'trunk'] }, plane)).toEqual(['one']);
  expect(unfitVariants({ modes: ['one'] }, plane)).toEqual(['all']);
  expect(unfitVariants({ needs: ['lacp'] }, plane)).toEqual(['all', 'one']);
  expect(fitsSome({ needs: ['lacp'] }, plane)).toBe(false);
});

test('where legs die, a host that does not notice it is of no use', () => {
  const blind = { ...plane, traits: (variant: string) => ({ ...plane.traits(variant), noticesCarrier: false }) };
  const demands = demandsOf({ catches: [], needs: ['spreads'], legsDie: true });
  expect(fitsSome(demands, plane)).toBe(true);
  expect(fitsSome(demands, blind)).toBe(false);
  expect(fitsSome(demandsOf({ catches: [] }), blind)).toBe(true);
});

test('what no variant has is lacking, and so is what the wiring has not got', async () => {
  const wiring = await defaultTopology();
  const { vms } = wiring;
  const untagged = { ...wiring, vms: vms.filter(({ attachment }) => attachment.type !== 'trunk') };
  expect(lacksOf({ needs: ['spreads', 'trunk'] }, plane, wiring)).toEqual([]);
  expect(lacksOf({ needs: ['lacp', 'trunk'] }, plane, untagged)).toEqual([
    {
      what: 'a host that speaks LACP',
      command: 'everyleaf run --data-plane ours',
      output: 'ours/all, ours/one: speaks no LACP',
    },
    {
      what: 'a VM that tags by itself',
      command: `everyleaf check ${wiring.name}.yaml`,
      output: `${wiring.name} has no VM with a trunk`,
    },
  ]);
  expect(lacksOf({ modes: ['balance-tcp'] }, plane, untagged)).toMatchObject([
    { what: 'one variant with all of balance-tcp', output: 'there are ours/all, ours/one' },
  ]);
  // Each is there, and never both.
  expect(lacksOf({ needs: ['spreads'], modes: ['one'] }, plane, untagged)).toMatchObject([
    { what: 'one variant with all of spreads, one' },
  ]);
});

test('of the lab is asked what scenario, data plane and faults need', () => {
  expect(labNeeds({}, plane, [])).toEqual(['cut']);
  expect(labNeeds({ needs: ['lacp', 'tap:leaf', 'trunk'] }, plane, [{ needs: ['shut', 'cut'] }, {}])).toEqual([
    'cut',
    'tap:leaf',
    'shut',
  ]);
});

test('a scenario about limited uplinks is nothing for a plane without them', () => {
  expect(isForeign({ needs: ['queues'] }, plane)).toBe(true);
  expect(isForeign({ needs: ['lacp'] }, plane)).toBe(false);
  const limited = { ...plane, traits: (variant: string) => ({ ...plane.traits(variant), queues: true }) };
  expect(isForeign({ needs: ['queues'] }, limited)).toBe(false);
});
