import { gatewayPort } from '../topology/labNames.js';
import { DURATIONS } from '../durations.js';
import type { NeighborHistory, SkipEntry, WatchedNeighbor } from '../evidence/types.js';
import { TestbedError } from '../testbed/error.js';
import type { Lab } from '../testbed/lab.js';
import type { Node, Process } from '../testbed/node.js';
import { sendersOf } from '../topology/senders.js';
import { until } from '../until.js';
import { ageingSysctls } from './ageing.js';
import { raiseTrunkStack } from './trunkStack.js';
import { readNeighborLine, type PortEvent } from './neighborLine.js';
import { setSysctls } from '../lab/sysctl.js';

/** The neighbor tables of all leaves, with fast ageing, watched. */
export interface LeafTables {
  readonly watched: readonly WatchedNeighbor[];
  /** Senders without a stack that could answer a leaf. */
  readonly skips: readonly SkipEntry[];
  /** Adds a listener for every change from now on. */
  on(listener: (event: PortEvent) => void): void;
  /** The latest state that the kernel reported; null when it reported none. */
  state(leaf: string, ip: string): PortEvent | null;
  /** Puts every watched entry into the tables of these leaves, as if they had just learned it. */
  learn(leaves?: readonly string[]): Promise<void>;
  /** Clears the history: from here on entries must survive by themselves. */
  restart(fromNs: string): void;
  /** Stops asking leaves to refresh their entries; returns the history. */
  stop(): Promise<NeighborHistory>;
  excuse(leaf: string, fromNs: string, toNs: string): void;
}

/** An unused address; changes of its entry show that a monitor listens. */
const CANARY = '192.0.2.254';

interface Entry extends WatchedNeighbor {
  readonly port: string;
}

/** Entries of every sender that has a stack. */
function entriesOf(lab: Lab, stackless: ReadonlySet<string>): readonly Entry[] {
  const { topology } = lab;
  return topology.leaves.flatMap((leaf) =>
    sendersOf(topology)
      .filter((sender) => !stackless.has(sender.node))
      .flatMap((sender) =>
        sender.addresses.flatMap((address) =>
          [address.ipv4, address.ipv6].map((ip) => ({
            leaf: leaf.name,
            sender: sender.node,
            ip,
            mac: sender.mac,
            port: gatewayPort(address.network),
          })),
        ),
      ),
  );
}

/** @param onEvent with times on the lab's clock */
async function monitor(node: Node, onEvent: (event: PortEvent) => void): Promise<Process> {
  const { ns: aheadNs } = await node.clock.offset();
  return node.spawn(['ip', '-ts', 'monitor', 'neigh'], {
    env: { TZ: 'UTC' },
    onLine(line) {
      const event = readNeighborLine(node.name, line);
      if (event !== null) onEvent({ ...event, atNs: String(BigInt(event.atNs) - aheadNs) });
    },
  });
}

/**
 * Shortens ageing on every gateway of every leaf, fills each leaf's table with all senders, and from then on makes each
 * leaf do what a leaf switch does: when an entry's age is over (REACHABLE -> STALE) it asks the owner again, and after
 * three unanswered probes the entry is gone. The kernel counts the age, sends the probes and judges the replies; this
 * code only makes it ask at once, instead of when the next packet for the neighbor comes.
 */
export async function ageLeafTables(lab: Lab): Promise<LeafTables> {
  const trunks = lab.topology.vms.filter((vm) => vm.attachment.type === 'trunk');
  const lacking = (await Promise.all(trunks.map(async (vm) => ({ vm, skip: await raiseTrunkStack(lab, vm) })))).flatMap(
    ({ vm, skip }) => (skip === null ? [] : [{ vm, skip }]),
  );
  const entries = entriesOf(lab, new Set(lacking.map(({ vm }) => vm.node)));
  const ports = [...new Set(entries.map((entry) => entry.port))];
  const events: PortEvent[] = [];
  const newest = new Map<string, PortEvent>();
  const listeners = new Set<(event: PortEvent) => void>();
  const excused: { leaf: string; fromNs: string; toNs: string }[] = [];
  const asking = new Set<Promise<unknown>>();
  let ageing = true;
  const key = (leaf: string, ip: string): string => `${leaf} ${ip}`;
  const take = (node: Node, event: PortEvent): void => {
    if (!ports.includes(event.port)) return;
    newest.set(key(event.leaf, event.ip), event);
    if (event.ip === CANARY) return;
    events.push(event);
    for (const listener of listeners) listener(event);
    if (event.state !== 'STALE' || !ageing) return;
    // Without the MAC: an entry that has just vanished must stay gone (net/core/neighbour.c, __neigh_update: "no link
    // layer address given").
    const asked = node
      .exec(['ip', 'neigh', 'change', event.ip, 'dev', event.port, 'nud', 'probe'], { mayFail: true })
      .catch(() => undefined);
    asking.add(asked);
    void asked.finally(() => asking.delete(asked));
  };
  const leaves = lab.topology.leaves.map((leaf) => lab.node(leaf.name));
  const monitors = await Promise.all(
    leaves.map(async (node) => {
      await setSysctls(node, Object.assign({}, ...ports.map(ageingSysctls)) as Record<string, string>);
      return monitor(node, (event) => take(node, event));
    }),
  );
  const learn = async (names: readonly string[] = leaves.map((node) => node.name)): Promise<void> => {
    await Promise.all(
      leaves
        .filter((node) => names.includes(node.name))
        .map((node) => {
          const lines = entries
            .filter((entry) => entry.leaf === node.name)
            .map(({ ip, mac, port }) => `neigh replace ${ip} lladdr ${mac} dev ${port} nud reachable`);
          return node.exec(['ip', '-batch', '-'], { input: lines.join('\n') });
        }),
    );
    const unseen = (): readonly Entry[] =>
      entries.filter((entry) => names.includes(entry.leaf) && !newest.has(key(entry.leaf, entry.ip)));
    // Also proves each monitor alive: an entry that is never reported would not be watched.
    await until(
      'every leaf to tell of its entries',
      DURATIONS.command,
      () => Promise.resolve(unseen().length === 0 ? true : null),
      () =>
        unseen()
          .map(({ leaf, ip }) => `nothing of ${ip} on ${leaf}`)
          .join(', '),
    );
  };
  await awaitMonitors(leaves, ports, newest);
  await learn();
  let fromNs = await lab.now();
  return {
    watched: entries,
    skips: lacking.map(({ skip }) => skip),
    on: (listener) => void listeners.add(listener),
    state: (leaf, ip) => newest.get(key(leaf, ip)) ?? null,
    learn,
    restart: (at) => void (fromNs = at),
    excuse: (leaf, from, to) => void excused.push({ leaf, fromNs: from, toNs: to }),
    async stop() {
      const toNs = await lab.now();
      ageing = false;
      await Promise.all(asking);
      const dead = monitors.findIndex((process) => process.hasEnded() !== null);
      if (dead >= 0)
        throw new TestbedError(
          `on ${leaves[dead]?.name ?? 'a leaf'}: "ip monitor neigh" ended: ${monitors[dead]?.hasEnded()?.lastOutput ?? ''}`,
        );
      await Promise.all(monitors.map((process) => process.stop()));
      return {
        fromNs,
        toNs,
        periodNs: DURATIONS.neighborAge * 1e6,
        watched: entries.map(({ leaf, sender, ip, mac }) => ({ leaf, sender, ip, mac })),
        events: events.map(({ atNs, leaf, ip, state }) => ({ atNs, leaf, ip, state })),
        ...(excused.length === 0 ? {} : { excused }),
      };
    },
  };
}

/** `ip monitor` does not say when it listens, so dummy entries are changed until it reports them. */
async function awaitMonitors(
  leaves: readonly Node[],
  ports: readonly string[],
  newest: ReadonlyMap<string, PortEvent>,
): Promise<void> {
  const [port = ''] = ports;
  await Promise.all(
    leaves.map((node) =>
      until(`"ip monitor neigh" on ${node.name} to listen`, DURATIONS.daemonStart, async () => {
        await node.exec(['ip', '-batch', '-'], {
          input: [
            `neigh replace ${CANARY} lladdr 02:00:00:00:00:01 dev ${port} nud permanent`,
            `neigh del ${CANARY} dev ${port}`,
          ].join('\n'),
        });
        return newest.has(`${node.name} ${CANARY}`) ? true : null;
      }),
    ),
  );
}
