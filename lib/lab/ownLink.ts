import type { CommandStep } from '../testbed/change.js';

/**
 * A link that a lab adds on a node, both ends there: what is sent into its near end comes in at its far end. Names have
 * 15 characters at most.
 */
export interface OwnLink {
  readonly near: string;
  readonly far: string;
}

/** Neither end sends anything by itself: it might come out of a leg. */
export function laid(node: string, { near, far }: OwnLink): CommandStep {
  const ends = [near, far];
  const input = [
    `link add name ${near} type veth peer name ${far}`,
    ...ends.map((end) => `link set dev ${end} addrgenmode none`),
    ...ends.map((end) => `link set dev ${end} up`),
  ].join('\n');
  return { node, argv: ['ip', '-batch', '-'], input };
}

/** Succeeds also where the link is not there. */
export const removed = (node: string, { near }: OwnLink): CommandStep => ({
  node,
  argv: ['ip', 'link', 'del', near],
  mayFail: true,
});

/** A classic BPF program that takes every frame (tc-bpf(8)): "matchall" is not in every kernel. */
const EVERY_FRAME = '1,6 0 0 4294967295';

/** What comes in at the far end comes in at another port of the node, as if it came from that port's wire. */
export function redirected(node: string, { far }: OwnLink, port: string): readonly CommandStep[] {
  return [
    { node, argv: ['tc', 'qdisc', 'add', 'dev', far, 'clsact'] },
    {
      node,
      argv: `tc filter add dev ${far} ingress protocol all bpf bytecode`
        .split(' ')
        .concat(EVERY_FRAME, `action mirred ingress redirect dev ${port}`.split(' ')),
    },
  ];
}
