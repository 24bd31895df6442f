import type { SkipEntry } from '../evidence/types.js';
import { edge } from './edge.js';
import type { Edge, FaultSite } from './types.js';

export type Direction = 'to-leaf' | 'to-host';

/**
 * A table of its own, with chains after those of the leg taps: a leg tap must see what the host hands to the leg, that is, before the
 * wire loses it. Loss is always at the sender's egress, because a capture and a user-space switch read a port's packet tap, which comes
 * before the ingress hook (net/core/dev.c, __netif_receive_skb_core): what is dropped there they would still see.
 */
const TABLE = 'everyleaf_faults';
const AFTER_TAPS = 100;

const chainOf = (verb: string, { lab, leg }: FaultSite) => `${verb}${lab.topology.legs.indexOf(leg)}`;

function senderOf({ lab, leg }: FaultSite, direction: Direction) {
  return direction === 'to-leaf'
    ? { node: lab.node(lab.topology.host.node), port: leg.hostPort }
    : { node: lab.node(leg.leaf), port: leg.leafPort };
}

/** Lets a statement decide over the frames that a leg carries in these directions, e.g. `ether type 0x8809 drop`. */
export function addRules(
  verb: string,
  site: FaultSite,
  directions: readonly Direction[],
  statement: string,
): Promise<Edge> {
  return edge(site.lab, () =>
    Promise.all(
      directions.map((direction) => {
        const { node, port } = senderOf(site, direction);
        const chain = `chain ${chainOf(verb, site)} {\n type filter hook egress device "${port}" priority ${AFTER_TAPS};\n ${statement}\n }`;
        return node.exec(['nft', '-f', '-'], { input: `table netdev ${TABLE} {\n ${chain}\n}\n` });
      }),
    ),
  );
}

/**
 * Why this kernel cannot do it; null when it can. Tried for a moment on the loopback of the host's node, where it disturbs nobody: `nft --check`
 * takes hooks that the kernel then refuses.
 */
export async function lackingRules(verb: string, { lab }: FaultSite, statement: string): Promise<SkipEntry | null> {
  const rules = `table netdev ${TABLE}_tried { chain tried { type filter hook egress device "lo" priority ${AFTER_TAPS}; ${statement}; }; }`;
  const { code, stdout, stderr } = await lab
    .node(lab.topology.host.node)
    .exec(['nft', '-f', '-'], { input: `${rules}\ndelete table netdev ${TABLE}_tried\n`, mayFail: true });
  return code === 0
    ? null
    : { what: `the fault ${verb}`, command: `nft '${rules}'`, output: (stderr || stdout).trim() };
}

/** Takes the statement away again; nothing happens where there is none. */
export function removeRules(verb: string, site: FaultSite, directions: readonly Direction[]): Promise<Edge> {
  return edge(site.lab, () =>
    Promise.all(
      directions.map((direction) => {
        const chain = `netdev ${TABLE} ${chainOf(verb, site)}`;
        // Adding what exists does nothing, so that what is deleted is always there (nft(8), "add").
        const { node, port } = senderOf(site, direction);
        const declared = `add table netdev ${TABLE}\nadd chain ${chain} { type filter hook egress device "${port}" priority ${AFTER_TAPS}; }`;
        return node.exec(['nft', '-f', '-'], { input: `${declared}\nflush chain ${chain}\ndelete chain ${chain}\n` });
      }),
    ),
  );
}
