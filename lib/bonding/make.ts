import { LackError } from '../testbed/capability.js';
import type { Node } from '../testbed/node.js';
import type { Topology } from '../topology/model.js';
import { bondOptions, type BondMode } from './mode.js';

/** The host's bond of its legs. */
export const BOND = 'bond0';

/** Makes a link. Throws LackError where the kernel cannot make such a one. */
export async function makeLink(node: Node, what: string, options: string): Promise<void> {
  const add = ['ip', 'link', 'add', 'name', ...options.split(' ')];
  const { code, stdout, stderr } = await node.exec(add, { mayFail: true });
  if (code === 0) return;
  const output = (stderr || stdout).trim();
  throw new LackError([{ what: `${what} (guests of --testbed vm have it)`, command: add.join(' '), output }]);
}

/** Makes the bond, without ports. Throws LackError where the kernel has none. */
export function makeBond(node: Node, mode: BondMode): Promise<void> {
  return makeLink(node, 'a bond of the kernel', `${BOND} type bond ${bondOptions(mode)}`);
}

/** The legs become its ports, as lines of `ip -batch`: one joins only while it is down; the bond sets it up. */
export function bondLines({ legs }: Topology): readonly string[] {
  return legs.flatMap(({ hostPort }) => [`link set dev ${hostPort} down`, `link set dev ${hostPort} master ${BOND}`]);
}
