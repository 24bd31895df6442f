import { awaitOperState, edge } from './edge.js';
import type { Edge, FaultSite } from './types.js';

/** The two ends of a leg: where a port can be shut, and where that is seen. */
function ends({ lab, leg }: FaultSite, side: 'host' | 'leaf') {
  const host = { node: lab.node(lab.topology.host.node), port: leg.hostPort };
  const leaf = { node: lab.node(leg.leaf), port: leg.leafPort };
  return side === 'host' ? { near: host, far: leaf } : { near: leaf, far: host };
}

/** Shuts the port of one side; the other side loses carrier. Ends when it has. */
export function shut(site: FaultSite, side: 'host' | 'leaf'): Promise<Edge> {
  const { near, far } = ends(site, side);
  return edge(site.lab, async () => {
    await near.node.exec(['ip', 'link', 'set', near.port, 'down']);
    await awaitOperState(far.node, far.port, /^(DOWN|LOWERLAYERDOWN)$/);
  });
}

/** Opens the ports of both sides, whichever was shut. Ends when both have carrier. */
export function open(site: FaultSite): Promise<Edge> {
  const { near, far } = ends(site, 'leaf');
  return edge(site.lab, async () => {
    await Promise.all([near, far].map(({ node, port }) => node.exec(['ip', 'link', 'set', port, 'up'])));
    await Promise.all([near, far].map(({ node, port }) => awaitOperState(node, port, /^UP$/)));
  });
}

/** What a leg without carrier, and one that has it again, changes. */
export function carrierChanges({ leg }: FaultSite, verb: string, undo: string) {
  return {
    begin: [{ type: 'leg', leg: leg.name, state: 'down', verb }],
    end: [{ type: 'leg', leg: leg.name, state: 'up', verb: undo }],
  } as const;
}
