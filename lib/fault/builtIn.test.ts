import { defaultTopology } from '../testing/defaultLab.js';
import { expect, test } from '@playwright/test';
import type { Plane } from '../dataplane/plane.js';
import { madeUpLab } from '../lab/testing/madeUpLab.js';
import type { RestartableReplicator } from '../replicator/restartable.js';
import { offer } from '../testbed/capability.js';
import type { Change, CommandStep } from '../testbed/change.js';
import type { CommandResult } from '../testbed/node.js';
import type { Faults } from '../trial/faults.js';
import { FAULTS } from './builtIn.js';
import type { Fault, FaultSite } from './fault.js';
import { lose } from './wireFaults.js';

const ALL: readonly Fault[] = Object.values(FAULTS);

async function siteOf(exec?: (argv: readonly string[]) => Partial<CommandResult>): Promise<FaultSite> {
  const lab = madeUpLab({
    topology: await defaultTopology(),
    exec: (_, argv) => exec?.(argv) ?? {},
  });
  const [leg] = lab.topology.legs;
  if (leg === undefined) throw new RangeError('no leg');
  const change = (name: string) =>
    offer({ name, steps: [{ what: name, run: () => Promise.resolve() }], undo: [], maxMs: 1_000 });
  const leaves = new Map(
    lab.topology.leaves.map(({ name }) => [name, { reboot: change('reboot'), splitSystemId: change('split') }]),
  );
  return {
    lab,
    leg,
    plane: { leaves, restart: change('restart') } as unknown as Plane,
    replicator: { controller: true } as unknown as RestartableReplicator,
  };
}

async function planned<A extends object>(fault: Fault<A>, site: FaultSite, args?: Partial<A>): Promise<Change> {
  const offered = await fault.plan(site, { ...fault.defaults, ...args });
  if (!offered.ok) throw new Error(offered.lack.output);
  return offered.use;
}

const commands = (change: Change): readonly CommandStep[] =>
  [...change.steps, ...change.undo].flatMap((step) => ('argv' in step ? [step] : []));

test('each fault and each repair has a name of its own, by which it is listed', () => {
  expect(ALL.map(({ name }) => name)).toEqual(Object.keys(FAULTS));
  const verbs = ALL.flatMap(({ name, undoName }) => [name, undoName]);
  expect(new Set(verbs).size).toBe(verbs.length);
});

test('what each fault breaks is what its repair makes good, and its steps name their leg', async () => {
  const site = await siteOf();
  for (const fault of ALL) {
    const { begin, end } = fault.effects(site);
    const subjects = (effects: typeof begin) => effects.map((effect) => ({ ...effect, state: null }));
    expect(subjects(end), fault.name).toEqual(subjects(begin));
    expect(begin, fault.name).not.toEqual([]);
    const change = await planned(fault, site);
    expect(change.steps, fault.name).not.toEqual([]);
    expect(change.maxMs, fault.name).toBeGreaterThan(0);
  }
});

test('there must be a controller to kill', async () => {
  const site = await siteOf();
  const replicator = { ...site.replicator, controller: false };
  expect(await FAULTS.killController.plan({ ...site, replicator }, {})).toMatchObject({
    ok: false,
    lack: { what: 'a controller', output: 'the replicator under test is none' },
  });
});

test('the port of one side is shut, and both sides are told apart', async () => {
  const site = await siteOf();
  const nodes = async (args?: { readonly side: 'host' | 'leaf' }) =>
    commands(await planned(FAULTS.adminDown, site, args)).map(({ node, argv }) => `${node}: ${argv.join(' ')}`);
  expect(await nodes()).toEqual(['host: ip link set dev up-a down', 'host: ip link set dev up-a up']);
  expect(await nodes({ side: 'leaf' })).toEqual([
    'leaf-a: ip link set dev to-host down',
    'leaf-a: ip link set dev to-host up',
  ]);
});

test('a loose contact waits for nobody, and a cable that is pulled for both ends', async () => {
  const site = await siteOf();
  const waits = (change: Change) => [...change.steps, ...change.undo].filter((step) => !('argv' in step)).length;
  expect(waits(await planned(FAULTS.unplug, site))).toBe(2);
  const flapping = await planned(FAULTS.flap, site);
  expect(waits(flapping)).toBe(0);
  expect(commands(flapping)).toHaveLength(2);
});

test('a share of frames is lost in both directions; one that is none is refused', async () => {
  const site = await siteOf();
  const inputs = async (share?: number) =>
    (await planned(lose, site, share === undefined ? {} : { share })).steps.flatMap((step) =>
      'argv' in step ? [step.input ?? ''] : [],
    );
  expect(await inputs()).toMatchObject([
    expect.stringMatching(/chain lose0 .*"up-a".*numgen random mod 10000 < 3000 drop/s),
    expect.stringMatching(/chain lose0 .*"to-host".*numgen random mod 10000 < 3000 drop/s),
  ]);
  expect((await inputs(1))[0]).toMatch(/;\n drop\n/);
  await expect(inputs(1.5)).rejects.toThrow('a share of frames is from 0 to 1, not 1.5');
});

test('a rule that the kernel does not show is not taken for a fault', async () => {
  const { lab, ...rest } = await siteOf(([tool, verb]) =>
    verb === 'list' ? { code: 1, stdout: '' } : { stdout: tool ?? '' },
  );
  const change = await planned(FAULTS.mute, { lab, ...rest });
  await expect(lab.apply(change)).rejects.toThrow(
    'on host: "nothing from the host arrives at the leaf" is not in force',
  );
  const stuck = await siteOf(([, verb]) => (verb === 'list' ? { code: 0, stdout: 'device "up-a" drop' } : {}));
  const applied = await stuck.lab.apply(await planned(FAULTS.mute, stuck));
  await expect(applied.undo()).rejects.toThrow('is still in force');
});

test('what a machine lacks is found out by trying, before anything is changed', async () => {
  const tried: string[] = [];
  const site = await siteOf((argv) => {
    tried.push(argv.join(' '));
    return { code: 1, stderr: 'Error: no such thing\n' };
  });
  expect(await FAULTS.delay.plan(site, { ms: 10 })).toEqual({
    ok: false,
    lack: {
      what: 'the fault delay',
      command: 'tc qdisc add dev lo root netem delay 0ms',
      output: 'Error: no such thing',
    },
  });
  expect(await FAULTS.mute.plan(site, {})).toMatchObject({
    ok: false,
    lack: { what: 'the fault mute', output: 'Error: no such thing' },
  });
  expect(tried).toEqual(['tc qdisc add dev lo root netem delay 0ms', 'nft -f -']);
});

test('what a fault can be told is held by the compiler, by name and by the fault itself', () => {
  const wrong = async (trial: Faults, ours: Fault<{ readonly mtu: number }>) => {
    await trial.inflict('lose', 'leg-a', { share: 0.5 });
    await trial.inflict(ours, 'leg-a', { mtu: 1_280 });
    await trial.inflict(ours, 'leg-a');
    // @ts-expect-error: no such argument
    await trial.inflict('lose', 'leg-a', { ms: 10 });
    // @ts-expect-error: it has none
    await trial.inflict('unplug', 'leg-a', { side: 'host' });
    // @ts-expect-error: no such fault
    await trial.inflict('unplugged', 'leg-a');
    // @ts-expect-error: of another type
    await trial.inflict(ours, 'leg-a', { mtu: 'small' });
  };
  expect(wrong).toBeDefined();
});
