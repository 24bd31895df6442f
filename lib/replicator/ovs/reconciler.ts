import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import type { OvsSwitch } from '../../ovs/switch.js';
import type { OvsPlane } from '../../ovs/ovsPlane.js';
import type { ProcessEnd } from '../../testbed/node.js';
import type { InstalledReplicator } from '../types.js';
import { auditRecipe } from './audit.js';
import { retrying } from '../../retrying.js';
import { BRIDGE } from '../../ovs/bridge.js';
import { readPorts } from './ports.js';
import { ovsRecipe, type RecipeOptions } from './recipe.js';
import { WATCHED } from './watched.js';

const WATCHED_REPLY = /FLOW_MONITOR reply/;
const PAUSES = { first: DURATIONS.reconnect, longest: DURATIONS.reconnectLongest };

async function apply(ovs: OvsSwitch, options: RecipeOptions): Promise<void> {
  const recipe = ovsRecipe(await readPorts(ovs), options);
  // The group first: a flow may only point at a group that exists. All of it takes effect at once, or none of it.
  const steps = [`group add_or_mod ${recipe.group}`, 'flow delete', ...recipe.flows.map((flow) => `flow add ${flow}`)];
  await ovs.ofctl(['-O', 'OpenFlow14', 'bundle', BRIDGE, '-'], steps.join('\n') + '\n');
}

/**
 * Calls `onChange` each time an OpenFlow connection to ovs-vswitchd is up, and when it ends: then the daemon is gone,
 * and its successor starts with empty tables. Calls `onTried` when the first connection is up, or is known not to come.
 * Resolves when the signal comes, with no connection left.
 */
async function watchDaemon(
  { node, env }: OvsSwitch,
  signal: AbortSignal,
  onChange: () => void,
  onTried: () => void,
): Promise<void> {
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  for (let pause: number = PAUSES.first; !signal.aborted; pause = Math.min(pause * 2, PAUSES.longest)) {
    const connected = { before: false };
    // Watches a table that has no flows; the reply to the watch shows that the connection is up.
    const connection = await node.spawn(
      ['ovs-ofctl', '-vsyslog:off', '-O', 'OpenFlow13', 'monitor', BRIDGE, 'watch:table=200'],
      {
        env,
        onLine: (line) => {
          if (!WATCHED_REPLY.test(line)) return;
          connected.before = true;
          pause = PAUSES.first;
          onChange();
        },
      },
    );
    void connection.line(WATCHED_REPLY, DURATIONS.daemonStart).then(onTried);
    await Promise.race([connection.ended, aborted]);
    await connection.stop('SIGKILL');
    if (connected.before && !isAborted(signal)) onChange();
    await wait(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** A function, because after an await the compiler would still assume the old value. */
const isAborted = (signal: AbortSignal) => signal.aborted;

const words = ({ code, signal, lastOutput }: ProcessEnd) =>
  `${signal ?? `code ${String(code)}`}: ${lastOutput.trim() || 'no word from it'}`;

/**
 * Keeps group and flows in step with the bridge as ports come, go and change their VLANs, and as ovs-vswitchd is
 * restarted.
 */
export async function reconcile(host: OvsPlane, options: RecipeOptions): Promise<InstalledReplicator> {
  const { ovs } = host;
  const stop = new AbortController();
  let broken: string | null = null;
  const retried = retrying('the flows to fit the bridge', () => apply(ovs, options), PAUSES);
  // What the watches say of the state that they find is no change.
  let listens = false;
  const changed = () => {
    if (listens) retried.touch();
  };
  // One ovsdb-client watches one table.
  const watches = await Promise.all(
    Object.entries(WATCHED).map(async ([table, columns]) => {
      const watch = await ovs.node.spawn(
        [
          'ovsdb-client',
          '-vsyslog:off',
          '--format=json',
          'monitor',
          ovs.database,
          'Open_vSwitch',
          table,
          columns.join(','),
        ],
        { env: ovs.env, onLine: changed },
      );
      void watch.ended.then((end) => {
        if (!stop.signal.aborted) broken = `it no longer hears of changes: ovsdb-client ended with ${words(end)}`;
      });
      return watch;
    }),
  );
  let watching: Promise<void> = Promise.resolve();
  const tried = new Promise<void>((resolve) => {
    watching = watchDaemon(ovs, stop.signal, changed, resolve).catch((error: unknown) => {
      broken = `it no longer hears of restarts: ${String(error)}`;
      resolve();
    });
  });
  const installed: InstalledReplicator = {
    async settled() {
      // The news of a restart may still be on its way.
      retried.touch();
      await retried.settled(DURATIONS.daemonStart);
    },
    broken: () => broken ?? retried.failure(),
    async audit() {
      // Changes that are just being applied are not reported as wrong; `broken` tells when they never succeed.
      await retried.settled(DURATIONS.recovery).catch(() => undefined);
      return auditRecipe(ovs, ovsRecipe(await readPorts(ovs), options));
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all([retried.close(), watching, ...watches.map((watch) => watch.stop('SIGKILL'))]);
    },
  };
  try {
    // From here on nothing is missed: the flows are made once, of what is there when all watches listen.
    await Promise.all([tried, ...watches.map((watch) => watch.line(/./, DURATIONS.daemonStart))]);
    listens = true;
    await installed.settled();
  } catch (error) {
    await installed[Symbol.asyncDispose]();
    throw error;
  }
  return installed;
}
