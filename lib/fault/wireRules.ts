import type { Lack } from '../testbed/capability.js';
import { LONGEST_CHANGE_MS, type ActionStep, type Change, type CommandStep } from '../testbed/change.js';
import { TestbedError } from '../testbed/error.js';
import type { FaultSite } from './fault.js';

export type Direction = 'to-leaf' | 'to-host';

/**
 * A separate table, with chains after those of the leg taps: a leg tap must see what the host hands to the leg, before
 * the wire loses it. Loss is always at the sender's egress, because a capture and a user-space switch read a port's
 * packet tap, which comes before the ingress hook (net/core/dev.c, __netif_receive_skb_core): they would still see what
 * is dropped there.
 */
const TABLE = 'everyleaf_faults';
const AFTER_TAPS = 100;

const hook = (port: string) => `type filter hook egress device "${port}" priority ${AFTER_TAPS};`;

/**
 * A change that applies a statement to the frames that a leg carries in these directions, e.g. `ether type 0x8809
 * drop`.
 */
export function wireChange(
  { name, title }: { readonly name: string; readonly title: string },
  { lab, leg }: Pick<FaultSite, 'lab' | 'leg'>,
  directions: readonly Direction[],
  statement: string,
): Change {
  const chain = `${name}${lab.topology.legs.indexOf(leg)}`;
  const senders = directions.map((direction) =>
    direction === 'to-leaf'
      ? { node: lab.topology.host.node, port: leg.hostPort }
      : { node: leg.leaf, port: leg.leafPort },
  );
  /** What the kernel says that it has, whatever it was told. */
  const seen = (isThere: boolean): readonly ActionStep[] =>
    senders.map(({ node, port }) => ({
      what: `the rule of "${title}" to be ${isThere ? 'there' : 'gone'} on ${node}`,
      async run() {
        const argv = ['nft', 'list', 'chain', 'netdev', TABLE, chain];
        const { code, stdout } = await lab.node(node).exec(argv, { mayFail: true });
        if (isThere ? stdout.includes(`"${port}"`) && stdout.includes('drop') : code !== 0) return;
        throw new TestbedError(
          `on ${node}: "${title}" ${isThere ? 'is not in force' : 'is still in force'}: ${argv.join(' ')}`,
        );
      },
    }));
  const nft = (node: string, input: string): CommandStep => ({ node, argv: ['nft', '-f', '-'], input });
  return {
    name: `${leg.name}: ${title}`,
    steps: [
      ...senders.map(({ node, port }) =>
        nft(node, `table netdev ${TABLE} {\n chain ${chain} {\n ${hook(port)}\n ${statement}\n }\n}\n`),
      ),
      ...seen(true),
    ],
    // Adding what exists does nothing, so that what is deleted is always there (nft(8), "add").
    undo: [
      ...senders.map(({ node, port }) =>
        nft(
          node,
          [
            `add table netdev ${TABLE}`,
            `add chain netdev ${TABLE} ${chain} { ${hook(port)} }`,
            `flush chain netdev ${TABLE} ${chain}`,
            `delete chain netdev ${TABLE} ${chain}\n`,
          ].join('\n'),
        ),
      ),
      ...seen(false),
    ],
    maxMs: LONGEST_CHANGE_MS,
  };
}

/**
 * Why this kernel cannot do it; null when it can. Tried for a moment on the loopback of the host's node, where it
 * disturbs nothing: `nft --check` takes hooks that the kernel then refuses.
 */
export async function lackingRules(name: string, { lab }: FaultSite, statement: string): Promise<Lack | null> {
  const rules = `table netdev ${TABLE}_tried { chain tried { ${hook('lo')} ${statement}; }; }`;
  const { code, stdout, stderr } = await lab
    .node(lab.topology.host.node)
    .exec(['nft', '-f', '-'], { input: `${rules}\ndelete table netdev ${TABLE}_tried\n`, mayFail: true });
  return code === 0
    ? null
    : { what: `the fault ${name}`, command: `nft '${rules}'`, output: (stderr || stdout).trim() };
}
