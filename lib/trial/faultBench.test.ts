import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { offer } from '../testbed/capability.js';
import type { Plane } from '../dataplane/plane.js';
import type { TimelineEvent } from '../evidence/types.js';
import { DEFAULTS } from '../defaults.js';
import { PACKAGE_ROOT } from '../packageRoot.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import { loadTopology } from '../run/loadTopology.js';
import { madeUpLab } from '../lab/testing/madeUpLab.js';
import type { Lab } from '../testbed/types.js';
import { until } from '../until.js';
import { createFaultBench, type FaultBench, type FaultBenchOptions, type OpenFault } from './faultBench.js';

/** More than enough for what happens at once, and soon over where it does not happen. */
const SOON_MS = 1_000;

/** A lab whose ports are all in the state that one was set to last, and whose clock counts how often it was read. */
async function labOfPorts(): Promise<Lab> {
  let ports = 'UP';
  return madeUpLab({
    topology: await loadTopology(join(PACKAGE_ROOT, 'topologies/dual-leaf.yaml')),
    exec(_, [, , verb, , state = '']) {
      if (verb === 'set') ports = state.toUpperCase();
      return { stdout: ` state ${ports} ` };
    },
  });
}

interface MadeUp {
  readonly bench: FaultBench;
  readonly timeline: readonly TimelineEvent[];
  /** What happened, in order. */
  readonly story: string[];
}

/** Resolves when the event of the repair is in the timeline; throws when it does not come. */
function noted(timeline: readonly TimelineEvent[]): Promise<true> {
  return until('the end of the edge', SOON_MS, () =>
    Promise.resolve(timeline.some((event) => event.type === 'leg' && event.state === 'up') || null),
  );
}

async function madeUp({
  profile = { sendsToLacpDeadLeg: true },
  bond,
  replicator,
  measurement,
}: {
  readonly profile?: FaultBenchOptions['profile'];
  readonly bond?: (story: string[]) => Promise<void>;
  readonly replicator?: (story: string[]) => Promise<void>;
  readonly measurement?: (timeline: readonly TimelineEvent[]) => Promise<unknown>;
}): Promise<MadeUp> {
  const timeline: TimelineEvent[] = [];
  const story: string[] = [];
  const bench = createFaultBench({
    lab: await labOfPorts(),
    plane: {
      converged: () => bond?.(story) ?? Promise.resolve(),
      restart: offer({
        name: 'restart',
        steps: [{ what: 'restart', run: () => Promise.resolve(void story.push('switch restarted')) }],
        undo: [],
        maxMs: 1_000,
      }),
    } as unknown as Plane,
    replicator: { settled: () => replicator?.(story) ?? Promise.resolve() } as unknown as RestartableReplicator,
    faults: DEFAULTS.faults,
    profile,
    window: {
      leaveBehind: () => Promise.resolve(),
      look: (counters) => Promise.resolve(void story.push(counters ? 'looked, moves asked' : 'looked')),
      note: (changes, edge) => void timeline.push(...changes.map((change) => ({ ...change, ...edge }))),
      async carrierBack() {
        story.push('carrier back');
        await measurement?.(timeline);
        story.push('measured');
      },
      leaveEdge: () => Promise.resolve(),
    },
  });
  return { bench, timeline, story };
}

/** A fault that this lab can make. */
async function inflicted(bench: FaultBench, name: string): Promise<OpenFault> {
  const made = await bench.inflict(name, 'leg-b');
  if (!('repair' in made)) throw new Error(made.output);
  return made;
}

/** Lets everything else that is due happen first. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const up = (timeline: readonly TimelineEvent[]) =>
  timeline.find((event) => event.type === 'leg' && event.state === 'up');

test('the edge of a repair is over while copies are still away, and the repair when they are back', async () => {
  const { bench, timeline, story } = await madeUp({ measurement: noted });
  const fault = await inflicted(bench, 'unplug');
  story.length = 0;
  const edge = await fault.repair();
  story.push('repaired');
  // The first look leaves behind what was sent; the second belongs to the edge.
  expect(story).toEqual(['looked', 'carrier back', 'looked', 'measured', 'repaired']);
  expect(up(timeline)).toMatchObject({ fromNs: edge.fromNs, toNs: edge.toNs });
});

for (const [who, profile, settled] of [
  [
    'a replicator that does not look at LACP has had its time',
    { sendsToLacpDeadLeg: true },
    ['replicator asked', 'bond settled', 'replicator settled'],
  ],
  [
    'one that follows the bond has had its time from then on',
    { sendsToLacpDeadLeg: false },
    ['bond settled', 'replicator asked', 'replicator settled'],
  ],
  ['one that may follow it, too', {}, ['bond settled', 'replicator asked', 'replicator settled']],
] as const) {
  test(`the edge of a repair is not over before the bond uses the leg, and ${who}`, async () => {
    let isRepair = false;
    const { bench, timeline, story } = await madeUp({
      profile,
      async bond(told) {
        if (!isRepair) return;
        await turn();
        told.push('bond settled');
      },
      async replicator(told) {
        told.push('replicator asked');
        await turn();
        await turn();
        expect(up(timeline)).toBeUndefined();
        told.push('replicator settled');
      },
    });
    const fault = await inflicted(bench, 'unplug');
    isRepair = true;
    story.length = 0;
    await fault.repair();
    expect(story.filter((step) => step !== 'measured')).toEqual(['looked', 'carrier back', ...settled, 'looked']);
  });
}

test('where the bond does not settle that is told, also when nothing could be measured', async () => {
  let isRepair = false;
  const { bench, timeline } = await madeUp({
    async bond() {
      if (!isRepair) return;
      // Long after the measurement broke, as it is when nobody settles.
      await turn();
      throw new Error('the bond is in motion');
    },
    measurement: () => Promise.reject(new Error('nothing was sent')),
  });
  const fault = await inflicted(bench, 'unplug');
  isRepair = true;
  await expect(fault.repair()).rejects.toThrow('the bond is in motion');
  expect(up(timeline)).toBeUndefined();
});

test('a measurement that breaks breaks the repair', async () => {
  const { bench, timeline } = await madeUp({ measurement: () => Promise.reject(new Error('nothing was sent')) });
  const fault = await inflicted(bench, 'unplug');
  await expect(fault.repair()).rejects.toThrow('nothing was sent');
  expect(up(timeline)).toBeDefined();
});

test('how often MACs have moved is asked before and after each edge of a fault that restarts a switch: its count goes with it', async () => {
  const { bench, story } = await madeUp({});
  const fault = await inflicted(bench, 'restartSwitch');
  expect(story.splice(0)).toEqual(['looked, moves asked', 'switch restarted', 'looked, moves asked']);
  await fault.repair();
  expect(story).toEqual(['looked, moves asked', 'looked, moves asked']);
});
