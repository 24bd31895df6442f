import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import type { FaultName } from '../fault/builtIn.js';
import { lacking, offer } from '../testbed/capability.js';
import type { FaultBench, FaultWindow, OpenFault } from './faultBench.js';
import { faultsOf } from './faults.js';
import type { Window } from './window.js';

/** A trial in a lab that can make some faults. */
function trialOf({
  can,
  isAsFound = false,
  whole = null,
}: {
  can: string[];
  isAsFound?: boolean;
  whole?: string | null;
}) {
  const window = { lab: { isAsFound }, timeline: [], skips: [], skipped: whole, faults: DEFAULTS.faults };
  const bench = {
    inflict: ({ name }: { name: string }) =>
      Promise.resolve(
        can.includes(name) ? offer({} as OpenFault) : lacking({ what: `the fault ${name}`, command: '', output: '' }),
      ),
  };
  const faults = faultsOf(window as unknown as Window, bench as unknown as FaultBench, {} as FaultWindow);
  return { window, inflict: (name: FaultName, leg: string) => faults.inflict(name, leg) };
}

test('a scenario of whose faults none could be made is skipped; one of whose faults one was made is not', async () => {
  const none = trialOf({ can: [] });
  expect([await none.inflict('delay', 'leg-a'), await none.inflict('unplug', 'leg-a')]).toEqual([null, null]);
  expect(none.window.skipped).toBe('the fault delay');
  expect(none.window.skips).toHaveLength(2);
  for (const order of [
    ['delay', 'unplug'],
    ['unplug', 'delay'],
  ] as const) {
    const one = trialOf({ can: ['unplug'] });
    for (const fault of order) await one.inflict(fault, 'leg-a');
    expect([one.window.skipped, one.window.skips.length]).toEqual([null, 1]);
  }
  const before = trialOf({ can: ['unplug'], whole: 'a trunk VM' });
  for (const fault of ['delay', 'unplug'] as const) await before.inflict(fault, 'leg-a');
  expect(before.window.skipped).toBe('a trunk VM');
});

test('on an installed host no rule is made into which our own frames would run', async () => {
  const { window, inflict } = trialOf({ can: ['mute', 'lose', 'deafen'], isAsFound: true });
  expect(await inflict('mute', 'leg-a')).toBeNull();
  expect(await inflict('lose', 'leg-a')).toBeNull();
  expect(window.skips).toHaveLength(2);
  expect(window.skipped).toBe('the fault mute on leg-a in a scenario');
  expect(await inflict('deafen', 'leg-a')).not.toBeNull();
});
