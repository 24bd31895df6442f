import type { CommandStep } from '../../testbed/change.js';

/** A link of a tamper's own: what rules of hooks send into its near end comes in at its far end. Names have 15 characters at most. */
export interface OwnLink {
  readonly near: string;
  readonly far: string;
}

/** Neither end says anything by itself: what it said might come out of a leg. */
export function laid(node: string, { near, far }: OwnLink): CommandStep {
  const ends = [near, far];
  const input = [
    `link add name ${near} type veth peer name ${far}`,
    ...ends.map((end) => `link set ${end} addrgenmode none`),
    ...ends.map((end) => `link set ${end} up`),
  ].join('\n');
  return { node, argv: ['ip', '-batch', '-'], input };
}

/** Right also where it is not there. */
export const removed = (node: string, { near }: OwnLink): CommandStep => ({
  node,
  argv: ['ip', 'link', 'del', near],
  mayFail: true,
});
