import { defaultTopology } from '../testing/defaultLab.js';
import { expect, test } from '@playwright/test';
import type { Plane } from '../dataplane/plane.js';
import { NeverHappened, until } from '../until.js';
import type { TimelineEvent } from '../evidence/types.js';
import { FAULTS } from '../fault/builtIn.js';
import type { Fault } from '../fault/fault.js';
import { inOrder } from '../judge/rules/liveness.js';
import { madeUpLab } from '../lab/testing/madeUpLab.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import { lacking, offer } from '../testbed/capability.js';
import type { CommandResult } from '../testbed/node.js';
import type { Lab } from '../testbed/lab.js';
import {
  createFaultBench,
  FaultClash,
  UNWATCHED,
  type FaultBench,
  type FaultBenchOptions,
  type OpenFault,
} from './faultBench.js';

/** More than enough for what happens at once, and soon over where it does not happen. */
const SOON_MS = 1_000;

type Exec = (argv: readonly string[]) => Partial<CommandResult>;

/** A lab whose ports are all in the state that one was set to last, and whose clock counts how often it was read. */
async function labOfPorts(story: string[], exec?: Exec): Promise<Lab> {
  let ports = 'UP';
  return madeUpLab({
    topology: await defaultTopology(),
    exec(_, argv) {
      const [, , verb, , port, state = ''] = argv;
      if (verb === 'set') {
        ports = state.toUpperCase();
        story.push(`${port ?? ''} ${state}`);
      }
      if (exec !== undefined) return exec(argv);
      return argv[0] === 'nft' ? {} : { stdout: `<${ports}> state ${ports} ` };
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
  exec,
}: {
  readonly profile?: FaultBenchOptions['profile'];
  readonly bond?: (story: string[], legs: readonly string[]) => Promise<void>;
  readonly replicator?: (story: string[]) => Promise<void>;
  readonly measurement?: (timeline: readonly TimelineEvent[]) => Promise<unknown>;
  readonly exec?: Exec;
} = {}): Promise<MadeUp> {
  const timeline: TimelineEvent[] = [];
  const story: string[] = [];
  const bench = createFaultBench({
    lab: await labOfPorts(story, exec),
    plane: {
      node: 'host',
      converged: (legs: readonly string[]) => bond?.(story, legs) ?? Promise.resolve(),
      restart: offer({
        name: 'restart',
        steps: [{ what: 'restart', run: () => Promise.resolve(void story.push('switch restarted')) }],
        undo: [],
        maxMs: SOON_MS,
      }),
    } as unknown as Plane,
    replicator: { settled: () => replicator?.(story) ?? Promise.resolve() } as unknown as RestartableReplicator,
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
async function inflicted<A extends object>(bench: FaultBench, fault: Fault<A>, args?: Partial<A>): Promise<OpenFault> {
  const made = await bench.inflict(fault, 'leg-b', args);
  if (!made.ok) throw new Error(made.lack.output);
  return made.use;
}

/** Lets everything else that is due happen first. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const up = (timeline: readonly TimelineEvent[]) =>
  timeline.find((event) => event.type === 'leg' && event.state === 'up');

/** Type, subject, state and verb of each event. */
const told = (timeline: readonly TimelineEvent[]) =>
  timeline.map((event) => ('verb' in event ? `${event.type} ${event.state} by ${event.verb}` : event.type));

test('the edge of a repair is over while copies are still away, and the repair when they are back', async () => {
  const { bench, timeline, story } = await madeUp({ measurement: noted });
  const fault = await inflicted(bench, FAULTS.unplug);
  story.length = 0;
  const edge = await fault.repair();
  story.push('repaired');
  // The first look leaves behind what was sent; the second belongs to the edge.
  expect(story).toEqual(['looked', 'to-host up', 'carrier back', 'looked', 'measured', 'repaired']);
  expect(up(timeline)).toMatchObject({ fromNs: edge.fromNs, toNs: edge.toNs });
});

for (const [who, profile, settled] of [
  [
    'a replicator that does not look at LACP has had its time',
    { sendsToLacpDeadLeg: true },
    ['replicator asked', 'bond converged', 'replicator ready'],
  ],
  [
    'one that follows the bond has had its time from then on',
    { sendsToLacpDeadLeg: false },
    ['bond converged', 'replicator asked', 'replicator ready'],
  ],
  ['one that may follow it, too', {}, ['bond converged', 'replicator asked', 'replicator ready']],
] as const) {
  test(`the edge of a repair is not over before the bond uses the leg, and ${who}`, async () => {
    let isRepair = false;
    const { bench, timeline, story } = await madeUp({
      profile,
      async bond(happened) {
        if (!isRepair) return;
        await turn();
        happened.push('bond converged');
      },
      async replicator(happened) {
        happened.push('replicator asked');
        await turn();
        await turn();
        expect(up(timeline)).toBeUndefined();
        happened.push('replicator ready');
      },
    });
    const fault = await inflicted(bench, FAULTS.unplug);
    isRepair = true;
    story.length = 0;
    await fault.repair();
    expect(story.filter((step) => step !== 'measured')).toEqual([
      'looked',
      'to-host up',
      'carrier back',
      ...settled,
      'looked',
    ]);
  });
}

test('where the bond does not converge that is told, also when nothing could be measured', async () => {
  let isRepair = false;
  const { bench, timeline } = await madeUp({
    async bond() {
      if (!isRepair) return;
      // Long after the measurement broke, as it is when nobody converges.
      await turn();
      throw new Error('the bond is in motion');
    },
    measurement: () => Promise.reject(new Error('nothing was sent')),
  });
  const fault = await inflicted(bench, FAULTS.unplug);
  isRepair = true;
  await expect(fault.repair()).rejects.toThrow('the bond is in motion');
  expect(up(timeline)).toBeUndefined();
  // It is mended all the same, so that nothing is left to be repaired.
  expect(bench.inForce()).toEqual([]);
});

test('a measurement that breaks breaks the repair', async () => {
  const { bench, timeline } = await madeUp({ measurement: () => Promise.reject(new Error('nothing was sent')) });
  const fault = await inflicted(bench, FAULTS.unplug);
  await expect(fault.repair()).rejects.toThrow('nothing was sent');
  expect(up(timeline)).toBeDefined();
});

test('how often MACs have moved is asked before and after each edge of a fault that restarts a switch: its count goes with it', async () => {
  const { bench, story } = await madeUp();
  const fault = await inflicted(bench, FAULTS.restartSwitch);
  expect(story.splice(0)).toEqual(['looked, moves asked', 'switch restarted', 'looked, moves asked']);
  await fault.repair();
  expect(story).toEqual(['looked, moves asked', 'looked, moves asked']);
});

test('a fault that comes and goes has every edge in the timeline, and ends like a repair', async () => {
  const { bench, timeline, story } = await madeUp({
    bond: (happened, legs) => Promise.resolve(void happened.push(`bond uses ${legs.join()}`)),
  });
  const flapped = await inflicted(bench, FAULTS.flap, { times: 3, periodMs: 2 });
  expect(story.filter((step) => step.startsWith('to-host'))).toEqual(
    Array.from({ length: 3 }, () => ['to-host down', 'to-host up']).flat(),
  );
  const edges = inOrder(timeline);
  expect(told(edges)).toEqual(Array.from({ length: 3 }, () => ['leg down by flap', 'leg up by steady']).flat());
  expect(timeline.every((event) => 'repeats' in event && event.repeats)).toBe(true);
  expect(story.filter((step) => step !== 'measured').slice(-3)).toEqual([
    'carrier back',
    'bond uses leg-a,leg-b',
    'looked',
  ]);
  expect(flapped.edge).toEqual({ fromNs: edges[0]?.fromNs, toNs: edges.at(-1)?.toNs });
  expect(bench.inForce()).toEqual([]);
  await expect(inflicted(bench, FAULTS.flap, { times: 0 })).rejects.toThrow(RangeError);
});

test('where the bond does not follow so fast, an edge of a fault that comes and goes lasts until the next one', async () => {
  const { bench, timeline } = await madeUp({
    bond: (_happened, legs) =>
      legs.length === 1 ? Promise.reject(new NeverHappened('the bond', 1, 'two legs')) : Promise.resolve(),
  });
  await inflicted(bench, FAULTS.flap, { times: 3, periodMs: 2 });
  const edges = inOrder(timeline);
  expect(edges).toHaveLength(6);
  for (const at of [0, 2, 4]) expect(edges[at]?.toNs).toBe(edges[at + 1]?.fromNs);
});

test('a bond that converges to fewer legs is waited for after a fault that takes the carrier, and after no other', async () => {
  const { bench, story } = await madeUp({
    bond: (happened, legs) => Promise.resolve(void happened.push(`bond uses ${legs.join()}`)),
  });
  const converged = () => story.splice(0).filter((step) => step.startsWith('bond'));
  const cut = await inflicted(bench, FAULTS.unplug);
  expect(converged()).toEqual(['bond uses leg-a']);
  expect(bench.alive()).toEqual(['leg-a']);
  const silent = await bench.inflict(FAULTS.silenceLacp, 'leg-a');
  // While LACP goes it is nowhere waited for: the bond is in motion for seconds.
  await cut.repair();
  expect(converged()).toEqual([]);
  if (silent.ok) await silent.use.repair();
  expect(converged()).toEqual(['bond uses leg-a,leg-b']);
});

test('a fault that takes the carrier is not over before the replicator has heard of it', async () => {
  const { bench, story, timeline } = await madeUp({
    bond: (happened) => Promise.resolve(void happened.push('bond converged')),
    async replicator(happened) {
      happened.push('replicator asked');
      await turn();
      expect(timeline).toEqual([]);
      happened.push('replicator ready');
    },
  });
  const cut = await inflicted(bench, FAULTS.unplug);
  const waited = ['bond converged', 'replicator asked', 'replicator ready'];
  expect(story.filter((step) => waited.includes(step))).toEqual(waited);
  expect(timeline).toMatchObject([{ type: 'leg', state: 'down', toNs: cut.edge.toNs }]);
});

/** A fault of somebody else, with an argument of its own. */
const shrinkMtu: Fault<{ readonly mtu: number }> = {
  name: 'shrinkMtu',
  undoName: 'growMtu',
  title: 'the leaf takes small frames only',
  undoTitle: 'the leaf takes every frame',
  pastTense: 'shrunk',
  whatATechnicianSees: 'Giants are counted at the leaf.',
  bond: 'does not react',
  waitsFor: 'nothing',
  defaults: { mtu: 1_280 },
  plan: ({ leg }, { mtu }) =>
    mtu < 68
      ? lacking({ what: 'an MTU that IPv4 forbids', command: 'none', output: `${mtu}` })
      : offer({
          name: `${leg.name}: small frames only`,
          steps: [{ node: leg.leaf, argv: ['ip', 'link', 'set', 'dev', leg.leafPort, `mtu ${mtu}`] }],
          undo: [{ node: leg.leaf, argv: ['ip', 'link', 'set', 'dev', leg.leafPort, 'mtu 1500'] }],
          maxMs: SOON_MS,
        }),
  effects: ({ leg }) => ({
    begin: [{ type: 'wire', leg: leg.name, direction: 'to-leaf', state: 'lossy' }],
    end: [{ type: 'wire', leg: leg.name, direction: 'to-leaf', state: 'whole' }],
  }),
};

test("somebody else's fault is told its own arguments, or their defaults, and the timeline says what it made of the leg", async () => {
  const { bench, timeline, story } = await madeUp();
  await (await inflicted(bench, shrinkMtu, { mtu: 576 })).repair();
  await inflicted(bench, shrinkMtu);
  expect(story.filter((step) => step.includes('mtu'))).toEqual([
    'to-host mtu 576',
    'to-host mtu 1500',
    'to-host mtu 1280',
  ]);
  expect(timeline[0]).toMatchObject({ verb: 'shrinkMtu', pastTense: 'shrunk', state: 'lossy' });
  expect(timeline[1]).toMatchObject({ verb: 'growMtu', state: 'whole' });
  expect(timeline[1]).not.toHaveProperty('pastTense');
});

test('what a lab lacks for a fault is answered, and nothing is done', async () => {
  const { bench, timeline, story } = await madeUp();
  expect(await bench.inflict(shrinkMtu, 'leg-b', { mtu: 1 })).toMatchObject({
    ok: false,
    lack: { what: 'an MTU that IPv4 forbids' },
  });
  expect(await bench.inflict({ ...shrinkMtu, needs: ['terminal'] }, 'leg-b')).toMatchObject({
    ok: false,
    lack: { what: 'a terminal' },
  });
  expect([story, timeline, bench.inForce()]).toEqual([[], [], []]);
});

test('where two faults have the same thing broken, the repair of one does not tell that all is well', async () => {
  const { bench, timeline } = await madeUp();
  const mute = await inflicted(bench, FAULTS.mute);
  const lose = await inflicted(bench, FAULTS.lose);
  await lose.repair();
  expect(told(timeline)).toEqual([
    'wire lost by mute',
    'wire lossy by lose',
    'wire lossy by lose',
    'wire whole by unlose',
    'wire whole by unlose',
    // To the leaf, which the other one still has: and the last word counts.
    'wire lost by mute',
  ]);
  await mute.repair();
  expect(told(timeline).at(-1)).toBe('wire whole by unmute');
});

test('a fault has no room beside one that would take back its change', async () => {
  const { bench } = await madeUp();
  await inflicted(bench, FAULTS.unplug);
  await expect(inflicted(bench, FAULTS.unplug)).rejects.toThrow(
    new FaultClash('unplug is in force on leg-b; "plug" comes before "unplug"'),
  );
  await expect(inflicted(bench, FAULTS.rebootLeaf)).rejects.toThrow(FaultClash);
  expect((await bench.inflict(FAULTS.unplug, 'leg-a')).ok).toBe(true);
  await inflicted(bench, FAULTS.lose);
  await bench.repairAll();
  expect(bench.inForce()).toEqual([]);
});

test('what cannot be undone is tried again, keeps nothing else from being repaired, and is told', async () => {
  let stuck = true;
  const { bench, story } = await madeUp({
    exec: (argv) => {
      if (argv[0] === 'nft' && stuck) throw new Error('nft is away');
      return argv[0] === 'nft' ? {} : { stdout: '<UP> state UP ' };
    },
  });
  stuck = false;
  await inflicted(bench, FAULTS.mute);
  await bench.inflict(shrinkMtu, 'leg-a');
  stuck = true;
  await expect(bench.repairAll()).rejects.toThrow(/^1 faults could not be repaired: .*nft is away/);
  expect(story.filter((step) => step.includes('mtu'))).toEqual(['to-host mtu 1280', 'to-host mtu 1500']);
  stuck = false;
  await bench.repairAll();
  expect(bench.inForce()).toEqual([]);
});

test('a lab that nobody watches is broken and mended the same way', async () => {
  let uses: readonly string[] = [];
  const bench = createFaultBench({
    lab: await labOfPorts([]),
    plane: {
      node: 'host',
      converged: (legs: readonly string[]) => Promise.resolve(void (uses = legs)),
    } as unknown as Plane,
    replicator: {
      settled: () => Promise.reject(new NeverHappened('it', 1, 'nothing')),
    } as unknown as RestartableReplicator,
    profile: {},
    window: UNWATCHED,
  });
  const cut = await inflicted(bench, FAULTS.unplug);
  expect(uses).toEqual(['leg-a']);
  await cut.repair();
  expect(uses).toEqual(['leg-a', 'leg-b']);
});
