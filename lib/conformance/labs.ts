import { LackError } from '../testbed/capability.js';
import type { Lab } from '../testbed/lab.js';
import type { Node } from '../testbed/node.js';
import type { Need } from '../testbed/testbed.js';
import { unmetNeeds } from '../testbed/needs.js';
import { must, mustEqual, type Bench, type Check } from './check.js';

const EVERY_NEED: readonly Need[] = [
  ...(['sender', 'leg', 'leaf'] as const).flatMap((spot): Need[] => [`inject:${spot}`, `tap:${spot}`]),
  'cut',
  'shut',
  'deploy',
  'terminal',
];

/** No other process has this argument. */
const FOREVER = '612.0612';

async function litter(lab: Lab): Promise<void> {
  const node = lab.node(lab.topology.host.node);
  await node.exec(['ip', 'link', 'add', 'litter0', 'type', 'veth', 'peer', 'name', 'litter1']);
  await node.exec(['nft', 'add', 'table', 'netdev', 'litter']);
  await node.exec(['sh', '-c', 'mkdir -p "$1" && touch "$1/litter"', 'sh', node.scratch]);
  await node.spawn(['sleep', FOREVER]);
  await lab
    .node(lab.topology.legs[0]?.leaf ?? '')
    .exec(['ip', 'link', 'set', lab.topology.legs[0]?.leafPort ?? '', 'down']);
}

/** What is left of it, as far as a node can tell. */
async function remains(lab: Lab, scratch: string): Promise<readonly string[]> {
  const node: Node = lab.node(lab.topology.host.node);
  const ask = async (what: string, argv: readonly string[], sign: string): Promise<readonly string[]> =>
    (await node.exec(argv, { mayFail: true })).stdout.includes(sign) ? [what] : [];
  const [leg] = lab.topology.legs;
  const { stdout } = await lab.node(leg?.leaf ?? '').exec(['ip', '-o', 'link', 'show', 'dev', leg?.leafPort ?? '']);
  return [
    ...(await ask('a link', ['ip', '-o', 'link'], 'litter0')),
    ...(await ask('rules', ['nft', 'list', 'tables'], 'litter')),
    ...(await ask('a file', ['ls', scratch], 'litter')),
    ...(await ask('a process', ['sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "'], `sleep ${FOREVER} `)),
    ...(/ state UP /.test(stdout) ? [] : ['a port that is shut']),
  ];
}

export const LAB_CHECKS: readonly Check[] = [
  {
    name: 'a lab that is reset is as it was',
    async run({ testbed, topology }) {
      await using lab = await testbed.open({ topology });
      await litter(lab);
      await lab.reset();
      mustEqual(await remains(lab, lab.node(topology.host.node).scratch), [], 'what is left after a reset');
    },
  },
  {
    name: 'a lab that is gone leaves nothing to the next one',
    async run({ testbed, topology }) {
      const first = await testbed.open({ topology });
      const { scratch } = first.node(topology.host.node);
      await litter(first);
      await first[Symbol.asyncDispose]();
      await using second = await testbed.open({ topology });
      mustEqual(await remains(second, scratch), [], 'what the former lab left');
      must(['new', 'reset', 'shared'].includes(second.freshness), 'a lab does not say whether it is fresh');
    },
  },
  {
    name: 'what is needed is there, or is refused with the command that showed that it is not',
    async run({ testbed, topology }: Bench) {
      for (const one of EVERY_NEED) {
        try {
          await using lab = await testbed.open({ topology, needs: [one] });
          mustEqual(await unmetNeeds(lab, [one]), [], `a lab that was opened for ${one}, and lacks`);
        } catch (error) {
          if (!(error instanceof LackError)) throw error;
          must(error.lacks.length > 0, `${one} was refused without a reason`);
          for (const { what, command, output } of error.lacks)
            must(what !== '' && command !== '' && output !== '', `${one} was refused without a command that showed it`);
        }
      }
    },
  },
];
