import { closeSync, openSync, readFileSync } from 'node:fs';
import { enterNetworkNamespace } from './sys.js';

/**
 * `ip netns add NAME` binds a namespace here; /run is this agent's own tmpfs, so the names cannot collide with others.
 */
const NETNS_FOLDER = '/run/netns';

const own = openSync('/proc/thread-self/ns/net', 'r');
const open = new Map<string, number>();

function namespaceFd(node: string): number {
  const known = open.get(node);
  if (known !== undefined) return known;
  const fd = openSync(`${NETNS_FOLDER}/${node}`, 'r');
  open.set(node, fd);
  return fd;
}

/**
 * Runs `work` with this thread inside the node's network namespace. Children spawned and sockets opened inside belong
 * to it for good. `work` must be synchronous: an `await` would let other work run in the wrong namespace. `node` null =
 * the agent's own.
 */
export function inNamespace<T>(node: string | null, work: () => T): T {
  if (node === null) return work();
  enterNetworkNamespace(namespaceFd(node));
  try {
    return work();
  } finally {
    try {
      enterNetworkNamespace(own);
    } catch (error) {
      // Going on in a foreign namespace would send frames where they do not belong.
      process.stderr.write(`cannot return to the agent's namespace: ${String(error)}\n`);
      process.abort();
    }
  }
}

/** Must be called before the namespace is deleted: an open descriptor keeps it, and all its links, alive. */
export function forgetNamespace(node: string): void {
  const fd = open.get(node);
  if (fd === undefined) return;
  open.delete(node);
  closeSync(fd);
}

/**
 * Files as a node sees them. /proc/net of a process shows the network namespace of its first thread; this thread has
 * just moved.
 */
export function readFiles(node: string, paths: readonly string[]): readonly string[] {
  return inNamespace(node, () =>
    paths.map((path) => readFileSync(path.replace(/^\/proc\/net\//, '/proc/thread-self/net/'), 'utf8')),
  );
}
