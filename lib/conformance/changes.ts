import { need } from '../testbed/capability.js';
import type { Change } from '../testbed/change.js';
import type { Lab } from '../testbed/lab.js';
import type { TestPort } from '../testbed/port.js';
import { failureOf, labCheck, must, mustEqual, type Check } from './check.js';

const MARK = 'everyleaf-conformance';

/** A file that is there while a change is in force. */
function markOf(lab: Lab): { readonly change: Change; readonly isThere: () => Promise<boolean> } {
  const { topology } = lab;
  const node = topology.host.node;
  const path = `${lab.node(node).scratch}/${MARK}`;
  return {
    change: {
      name: 'a mark',
      steps: [
        { node, argv: ['mkdir', '-p', lab.node(node).scratch] },
        { node, argv: ['touch', path] },
      ],
      undo: [{ node, argv: ['rm', '-f', path] }],
      maxMs: 60_000,
    },
    isThere: async () => (await lab.node(node).exec(['test', '-e', path], { mayFail: true })).code === 0,
  };
}

async function hasCarrier({ node, name }: TestPort): Promise<boolean> {
  return / state UP /.test((await node.exec(['ip', '-o', 'link', 'show', 'dev', name])).stdout);
}

const bothCarriers = async ({ a, b }: { readonly a: TestPort; readonly b: TestPort }): Promise<readonly boolean[]> => [
  await hasCarrier(a),
  await hasCarrier(b),
];

export const CHANGE_CHECKS: readonly Check[] = [
  labCheck('a change is made and undone, and its edge is told on the clock of the lab', async (lab) => {
    const { change, isThere } = markOf(lab);
    const before = BigInt(await lab.now());
    const applied = await lab.apply(change);
    const after = BigInt(await lab.now());
    must(await isThere(), 'the change was not made');
    const { fromNs, toNs } = applied.edge;
    must(
      before <= BigInt(fromNs) && BigInt(fromNs) <= BigInt(toNs) && BigInt(toNs) <= after,
      `its edge ${fromNs}..${toNs} is not between ${before} and ${after}`,
    );
    const first = await applied.undo();
    must(!(await isThere()), 'the change was not undone');
    mustEqual(await applied.undo(), first, 'the edge of the undo, asked again');
    must(BigInt(first.fromNs) >= BigInt(toNs), 'it was undone before it was made');
  }),
  labCheck('a change that fails half-way is undone', async (lab) => {
    const { change, isThere } = markOf(lab);
    const broken = { ...change, steps: [...change.steps, { node: lab.topology.host.node, argv: ['false'] }] };
    await failureOf(lab.apply(broken), 'a change whose last step fails');
    must(!(await isThere()), 'its first steps are still in force');
  }),
  labCheck('each leg can be cut and shut, which both ends see, and is whole again', async (lab) => {
    for (const { name } of lab.topology.legs) {
      const link = lab.link(name);
      const events: readonly (readonly [string, () => Change])[] = [
        ['cut', need(link.cut)],
        ['shut at a', () => need(link.shut)('a')],
        ['shut at b', () => need(link.shut)('b')],
      ];
      for (const [what, change] of events) {
        const applied = await lab.apply(change());
        mustEqual(await bothCarriers(link), [false, false], `carrier of both ends of ${name}, ${what}`);
        await applied.undo();
        mustEqual(await bothCarriers(link), [true, true], `carrier of both ends of ${name}, no longer ${what}`);
      }
    }
  }),
  {
    name: 'what is in force when a lab is taken down, or is reset, is undone, the last first',
    async run({ testbed, topology }) {
      for (const way of ['reset', 'dispose'] as const) {
        const story: string[] = [];
        const lab = await testbed.open({ topology });
        const told = (name: string): Change => ({
          name,
          steps: [],
          undo: [{ what: name, run: () => Promise.resolve(void story.push(name)) }],
          maxMs: 60_000,
        });
        try {
          await lab.apply(told('first'));
          await lab.apply(told('second'));
          if (way === 'reset') await lab.reset();
        } finally {
          await lab[Symbol.asyncDispose]();
        }
        mustEqual(story, ['second', 'first'], `what was undone by ${way}`);
      }
    },
  },
];
