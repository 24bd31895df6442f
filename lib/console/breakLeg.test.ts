import { defaultTopology } from '../testing/defaultLab.js';
import { expect, test } from '@playwright/test';
import type { Plane } from '../dataplane/plane.js';
import { DEFAULTS } from '../defaults.js';
import { madeUpLab } from '../lab/testing/madeUpLab.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import { createFaultBench, UNWATCHED } from '../trial/faultBench.js';
import { UserError } from '../userError.js';
import { breakLeg } from './breakLeg.js';

/** A standing lab of which only the legs count. */
async function standing() {
  const waited: string[] = [];
  const bench = createFaultBench({
    lab: madeUpLab({
      topology: await defaultTopology(),
      exec: (_, [tool]) =>
        tool === 'tc' ? { code: 2, stderr: 'no netem' } : tool === 'ip' ? { stdout: ' state DOWN ' } : {},
    }),
    plane: {
      node: 'host',
      converged: (legs: readonly string[]) => Promise.resolve(void waited.push(legs.join())),
    } as unknown as Plane,
    replicator: { settled: () => Promise.resolve() } as unknown as RestartableReplicator,
    profile: {},
    window: UNWATCHED,
  });
  const types = (leg: string, verb: string) => breakLeg(bench, DEFAULTS.faults, leg, verb);
  const refused = (leg: string, verb: string) =>
    types(leg, verb).then(
      () => 'it was done',
      (error: unknown) => (error instanceof UserError ? [error.message, error.hint, error.exitCode] : String(error)),
    );
  return { bench, waited, types, refused };
}

test('a leg is broken and mended in the words of a technician, and the command waits for the bond', async () => {
  const { bench, waited, types } = await standing();
  expect(await types('leg-a', 'unplug')).toMatchObject({ name: 'unplug', event: 'the cable is out', repairs: false });
  expect(bench.alive()).toEqual(['leg-b']);
  expect(await types('leg-a', 'plug')).toMatchObject({ name: 'plug', event: 'the cable is in', repairs: true });
  expect(bench.alive()).toEqual(['leg-a', 'leg-b']);
  expect(waited).toEqual(['leg-b', 'leg-a,leg-b']);
});

test('a repair mends its own fault and no other', async () => {
  const { types, refused } = await standing();
  expect(await refused('leg-a', 'plug')).toEqual([
    '"plug" has nothing to mend: unplug is not in force on leg-a',
    'nothing is in force there',
    2,
  ]);
  await types('leg-a', 'mute');
  await types('leg-a', 'lose');
  expect(await refused('leg-a', 'plug')).toEqual([
    '"plug" has nothing to mend: unplug is not in force on leg-a',
    'what is: mute, which "unmute" mends; lose, which "unlose" mends',
    2,
  ]);
  await types('leg-b', 'unplug');
  expect(await refused('leg-a', 'plug')).toContain('"plug" has nothing to mend: unplug is not in force on leg-a');
  await types('leg-a', 'unmute');
  await types('leg-b', 'plug');
});

test('a verb that is unknown, that this machine cannot do, or for which there is no room, is one sentence', async () => {
  const { types, refused } = await standing();
  expect(await refused('leg-a', 'plugg')).toEqual([
    'unknown verb "plugg"; did you mean "plug"?',
    expect.stringContaining('unplug (the cable is out)'),
    2,
  ]);
  expect(await refused('leg-a', 'delay')).toEqual([
    'this machine cannot do delay: no netem',
    'tried with: tc qdisc add dev lo root netem delay 0ms',
    69,
  ]);
  await types('leg-a', 'unplug');
  expect(await refused('leg-a', 'adminDown')).toEqual([
    'unplug is in force on leg-a; "plug" comes before "adminDown"',
    null,
    2,
  ]);
});
