import { expect, test } from '@playwright/test';
import { LackError } from '../../testbed/capability.js';
import type { Node } from '../../testbed/node.js';
import { requireOffload } from './trial.js';

/** Takes each command but those that begin like this, and notes them. */
function nodeWithout(beginning: string | null): { readonly node: Node; readonly asked: string[] } {
  const asked: string[] = [];
  const exec = (argv: readonly string[]) => {
    const command = argv.join(' ');
    asked.push(command);
    const refused = beginning !== null && command.startsWith(beginning);
    return Promise.resolve({ code: refused ? 2 : 0, stdout: '', stderr: refused ? 'Error: not\nhere.' : '' });
  };
  return { node: { name: 'host', exec } as unknown as Node, asked };
}

const undone = ['tc qdisc del dev bond0 ingress_block 1 ingress', 'ovs-dpctl del-dp system@tried0'];

test('datapath, shared block and filters are tried, and taken away again', async () => {
  const { node, asked } = nodeWithout(null);
  await requireOffload(node);
  expect(asked.map((command) => command.split(' ').slice(0, 3).join(' '))).toEqual([
    'ovs-dpctl add-dp system@tried0',
    'tc qdisc add',
    'tc filter add',
    'tc qdisc del',
    'ovs-dpctl del-dp system@tried0',
  ]);
});

for (const [beginning, what, left] of [
  ['ovs-dpctl add', "Open vSwitch's datapath in the kernel", []],
  ['tc qdisc add', 'a block of filters that ports share', undone.slice(1)],
  ['tc filter add', 'filters of flower with actions', undone],
] as const)
  test(`where "${beginning}" fails, that is what is lacking, and what was tried before is undone`, async () => {
    const { node, asked } = nodeWithout(beginning);
    const error = await requireOffload(node).catch((thrown: unknown) => thrown);
    if (!(error instanceof LackError)) throw new Error('nothing is lacking');
    expect(error.lacks).toEqual([
      {
        what: `${what} (guests of --testbed vm have it)`,
        command: expect.stringContaining(beginning),
        output: 'Error: not here.',
      },
    ]);
    expect(asked.filter((command) => / del/.test(command))).toEqual(left);
  });
