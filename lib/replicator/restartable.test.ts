import { expect, test } from '@playwright/test';
import type { Plane } from '../dataplane/plane.js';
import { everyNeighborFrame } from '../profile/table/everyNeighborFrame.js';
import type { Lab } from '../testbed/lab.js';
import { installRestartable } from './restartable.js';
import type { InstalledReplicator } from './types.js';

/** What was done to a replicator with, or without, a process; it never looks at lab and host. */
async function lifeOf(
  kill: boolean,
  work: (one: Awaited<ReturnType<typeof installRestartable>>) => Promise<void>,
): Promise<readonly string[]> {
  const done: string[] = [];
  const note = (what: string) => () => {
    done.push(what);
    return Promise.resolve();
  };
  const installed: InstalledReplicator = {
    audit: () => Promise.resolve([]),
    broken: () => null,
    settled: () => Promise.resolve(),
    ...(kill ? { sigkill: note('killed') } : {}),
    [Symbol.asyncDispose]: note('disposed of'),
  };
  const install = () => note('installed')().then(() => installed);
  await using one = await installRestartable(
    { name: 'fake', description: '', profile: everyNeighborFrame, on: 'any', install },
    { lab: {} as Lab, plane: { traits: { kind: 'made-up' } } as Plane },
  );
  await work(one);
  return done;
}

test('a process is killed without a word; what has none is taken away', async () => {
  const killTwice = async (one: Awaited<ReturnType<typeof installRestartable>>) => {
    await one.kill();
    await one.kill();
    expect(one.broken()).toBe('it was killed and not started again');
    await one.start();
  };
  expect(await lifeOf(true, killTwice)).toEqual(['installed', 'killed', 'installed', 'disposed of']);
  expect(await lifeOf(false, killTwice)).toEqual(['installed', 'disposed of', 'installed', 'disposed of']);
});
