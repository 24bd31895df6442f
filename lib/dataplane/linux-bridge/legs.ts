import { DURATIONS } from '../../durations.js';
import { patience } from '../../lab/patience.js';
import { inOneLine } from '../../inOneLine.js';
import { retrying, type Retrying } from '../../retrying.js';
import { LackError } from '../../testbed/capability.js';
import type { Lab } from '../../testbed/lab.js';
import type { Node } from '../../testbed/node.js';
import { until } from '../../until.js';
import { carries, portsIn, type BridgePort } from './ports.js';
import { deviations, sharesScript, sharingLines, sharingOf, type Sharing } from './sharing.js';
import type { Variant } from './traits.js';

const PAUSES = { first: DURATIONS.reconnect, longest: DURATIONS.reconnectLongest };

/** The legs of a bridge, and the code that keeps those with carrier in use: what a bond does elsewhere. */
export interface Legs {
  ports(): Promise<readonly BridgePort[]>;
  /** How the legs were last set. */
  sharing(): Sharing;
  /** Calls as soon as the kernel reports a link. */
  watch(onChange: () => void): Promise<AsyncDisposable>;
  /** Resolves when exactly these ports of legs are used; throws NeverHappened. */
  converged(wanted: readonly string[], withinMs?: number): Promise<void>;
}

async function watchLinks(
  node: Node,
  onChange: () => void,
): Promise<AsyncDisposable & { readonly over: Promise<unknown> }> {
  const monitor = await node.spawn(['ip', '-o', 'monitor', 'link'], { onLine: onChange });
  return {
    over: monitor.ended,
    async [Symbol.asyncDispose]() {
      await monitor.stop('SIGKILL');
    },
  };
}

/** The share of each leg, told to the kernel. Throws LackError where it cannot filter in a bridge. */
async function share(node: Node, sharing: Sharing, legs: readonly string[]): Promise<void> {
  const input = sharesScript(sharing, legs);
  const { code, stdout, stderr } = await node.exec(['nft', '-f', '-'], { input, mayFail: true });
  if (code !== 0)
    throw new LackError([
      { what: 'a filter in a bridge', command: `nft '${inOneLine(input)}'`, output: inOneLine(stderr || stdout) },
    ]);
}

/** Takes the legs of a bridge that is still down into use, and follows their carrier until the lab is gone. */
export async function followLegs(lab: Lab, bridge: string, variant: Variant): Promise<Legs> {
  const { host, legs } = lab.topology;
  const node = lab.node(host.node);
  const names = legs.map((leg) => leg.hostPort);
  const ports = async () => portsIn((await node.exec(['bridge', '-j', '-d', 'link', 'show'])).stdout, bridge);
  let sharing: Sharing = { live: [], active: null };
  const liveIn = (all: readonly BridgePort[]) =>
    names.filter((name) => all.some((port) => port.ifname === name && carries(port)));
  let isShared = false;
  async function follow(): Promise<void> {
    const now = await ports();
    const next = sharingOf(variant, liveIn(now), sharing.active);
    const wrong = now.filter((port) => names.includes(port.ifname) && deviations(next, port).length > 0);
    // The kernel reports each setting as a change, also one that changes nothing: set again on each report, they would
    // never end.
    if (wrong.length > 0) {
      const input = sharingLines(
        next,
        wrong.map(({ ifname }) => ifname),
      ).join('\n');
      await node.exec(['ip', '-batch', '-'], { input });
    }
    if (!isShared || next.active !== sharing.active || next.live.join() !== sharing.live.join())
      await share(node, next, names);
    sharing = next;
    isShared = true;
  }
  // Until they are isolated, frames that come in on one leg would leave on the others, and leaves would learn their
  // gateway's MAC at the host.
  await follow();
  await node.exec(['ip', 'link', 'set', 'dev', bridge, 'up']);
  await follow();
  const retried: Retrying = retrying('the bridge to use the legs with carrier', follow, PAUSES);
  const watch = await watchLinks(node, retried.touch);
  // It ended with the lab: nothing can be done there any more.
  void watch.over.then(() => retried.close());
  return {
    ports,
    sharing: () => sharing,
    watch: (onChange) => watchLinks(node, onChange),
    async converged(wanted, withinMs = patience(node, DURATIONS.lacpNegotiation)) {
      let live: readonly string[] = [];
      await until(
        `the bridge to use ${wanted.join(' and ')}`,
        withinMs,
        async () => {
          live = liveIn(await ports());
          const isUsed = live.join() === sharing.live.join() && retried.failure() === null;
          // What happened before the watch started was not reported.
          if (!isUsed) retried.touch();
          return isUsed && live.length === wanted.length && live.every((port) => wanted.includes(port)) ? true : null;
        },
        () => `carrier on ${live.join(', ') || 'none'}, used: ${sharing.live.join(', ') || 'none'}`,
      );
    },
  };
}
