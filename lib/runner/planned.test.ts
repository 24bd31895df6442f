import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { isControlPlanned, isPlanned, variantsOf } from './planned.js';
import { coveredByTag, durationTag, notInTag, ONCE_TAG } from './tags.js';

const TAMPER = { name: 'lose-on-one-leg', description: '', mustShow: [] };
const plan = {
  dataPlane: 'ovs-bond',
  modes: ['balance-tcp', 'active-backup'],
  controlMode: 'balance-tcp',
  controls: 'declared',
  tampers: [TAMPER],
  longest: 'short',
} as const;
const mutants = DEFAULTS.mutants;
const MUTANT = { type: 'mutant', name: 'refresher' } as const;
const tamper = { type: 'tamper', name: TAMPER.name } as const;

test('controls may have a variant in which nothing else is tried', () => {
  expect(variantsOf(plan)).toEqual(['balance-tcp', 'active-backup']);
  const apart = { ...plan, modes: ['active-backup'] };
  expect(variantsOf(apart)).toEqual(['active-backup', 'balance-tcp']);
  expect(isPlanned(apart, 'balance-tcp', [])).toBe(false);
  expect(isControlPlanned(apart, { mutants }, tamper, true, [])).toBe(true);
});

test('a scenario is tried where it makes sense, once if that suffices, and if there is time', () => {
  const inBoth = (tag: string) => plan.modes.map((mode) => isPlanned(plan, mode, [tag]));
  expect(inBoth('@scenario')).toEqual([true, true]);
  expect(inBoth(notInTag({ kind: 'ovs-bond', variant: 'active-backup' }))).toEqual([true, false]);
  expect(inBoth(notInTag({ kind: 'other', variant: 'active-backup' }))).toEqual([true, true]);
  expect(inBoth(ONCE_TAG)).toEqual([true, false]);
  expect(inBoth(durationTag('short'))).toEqual([true, true]);
  expect(inBoth(durationTag('seconds'))).toEqual([false, false]);
  expect(isPlanned({ ...plan, longest: 'minutes' }, 'balance-tcp', [durationTag('minutes')])).toBe(true);
});

test('of the controls those are tried that the plan asks for', () => {
  const tried = (changed: object, isDeclared = true, tags: readonly string[] = []) =>
    [MUTANT, tamper].map((control) =>
      isControlPlanned({ ...plan, ...changed }, { mutants }, control, isDeclared, tags),
    );
  expect(tried({})).toEqual([true, true]);
  expect(tried({}, false)).toEqual([false, false]);
  expect(tried({ controls: 'all' }, false)).toEqual([true, true]);
  expect(tried({ controls: 'none' })).toEqual([false, false]);
  expect(tried({ controls: 'tampers' })).toEqual([false, true]);
  expect(tried({ tampers: [] })).toEqual([true, false]);
  expect(tried({ dataPlane: 'linux-bridge' })).toEqual([false, true]);
  expect(tried({}, true, [notInTag({ kind: 'ovs-bond', variant: 'balance-tcp' })])).toEqual([false, false]);
});

test('a mutant is left out where a tamper stands in for it, if the plan says so', () => {
  const covered = [coveredByTag(TAMPER.name)];
  const tried = (changed: object) => isControlPlanned({ ...plan, ...changed }, { mutants }, MUTANT, true, covered);
  expect(tried({})).toBe(true);
  expect(tried({ standIns: true })).toBe(false);
  expect(tried({ standIns: true, tampers: [] })).toBe(true);
});
