import { DURATIONS } from '../durations.js';
import type { Lab, Node } from '../testbed/types.js';
import { until } from '../until.js';
import type { Edge } from './types.js';

/** Does the work of an edge and says from when to when it took. */
export async function edge(lab: Lab, work: () => Promise<unknown>): Promise<Edge> {
  const fromNs = await lab.now();
  await work();
  return { fromNs, toNs: await lab.now() };
}

/** Waits until a port says one of these states (`ip link`, operstate of RFC 2863). */
export async function awaitOperState(node: Node, port: string, wanted: RegExp): Promise<void> {
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
