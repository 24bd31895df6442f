import { DURATIONS } from '../durations.js';
import type { Nanoseconds } from '../evidence/types.js';
import type { Lab, Node } from '../testbed/types.js';
import type { Leg } from '../topology/model.js';
import { until } from '../until.js';

/** When a fault's edge began and when both ends had noticed. */
export interface Edge {
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
}

async function awaitOperState(node: Node, port: string, wanted: RegExp): Promise<void> {
  let last = 'nothing';
  await until(
    `${node.name}:${port} to be ${wanted.source}`,
    DURATIONS.linkUp,
    async () => {
      const { stdout } = await node.exec(['ip', '-o', 'link', 'show', 'dev', port]);
      last = / state (\S+)/.exec(stdout)?.[1] ?? stdout;
      return wanted.test(last) ? true : null;
    },
    () => last,
  );
}

/**
 * The cable is out: a technician sees both link lights go dark. A veth has no carrier of its own, so the leaf's end goes down; the
 * host's end stays up without carrier, as it does with a real cable.
 */
export async function unplug(lab: Lab, leg: Leg): Promise<Edge> {
  const fromNs = await lab.now();
  await lab.node(leg.leaf).exec(['ip', 'link', 'set', leg.leafPort, 'down']);
  await awaitOperState(lab.node(lab.topology.host.node), leg.hostPort, /^(DOWN|LOWERLAYERDOWN)$/);
  return { fromNs, toNs: await lab.now() };
}

/** The cable is back: both link lights are lit again. */
export async function plug(lab: Lab, leg: Leg): Promise<Edge> {
  const fromNs = await lab.now();
  await lab.node(leg.leaf).exec(['ip', 'link', 'set', leg.leafPort, 'up']);
  await Promise.all([awaitOperState(lab.node(lab.topology.host.node), leg.hostPort, /^UP$/), awaitOperState(lab.node(leg.leaf), leg.leafPort, /^UP$/)]);
  return { fromNs, toNs: await lab.now() };
}
