import { gatewayPort } from '../topology/labNames.js';
import { DURATIONS } from '../durations.js';
import type { NeighborHistory, TrafficHistory } from '../evidence/types.js';
import { ageLeafTables, type LeafTables } from '../tables/leafTables.js';
import { TestbedError } from '../testbed/error.js';
import type { Lab } from '../testbed/lab.js';
import type { SpineLink } from '../topology/model.js';
import { sendersOf } from '../topology/senders.js';
import { NeverHappened, until } from '../until.js';
import { followWithRoutes, isUsable } from './hostRoutes.js';
import { sessionsOf } from './frr.js';
import { awaitSessions } from './sessions.js';
import { leafLink, raiseFabric, spineLink } from './raise.js';
import { watchSpine, type SpineRoutes, type SpineTable } from './spineRoutes.js';
import { startStream } from './stream/stream.js';

/** A fabric in which a client streams to VMs while leaf tables age. */
export interface RunningFabric {
  readonly tables: LeafTables;
  /** Why the routing daemons had to be started a second time; null when they did not. */
  readonly again: string | null;
  /**
   * The leaf loses its uplink and its tables; resolves when the spine routes nothing over it any more. `legDown` cuts
   * its leg.
   */
  leafDown(leaf: string, legDown: () => Promise<void>): Promise<void>;
  /**
   * It is back, with empty tables; resolves when the spine has every host route over every leaf again, or when that
   * takes too long. Throws TestbedError when its BGP sessions never come up again, or when the spine never gets the
   * routes that the leaf has.
   */
  leafUp(leaf: string, legUp: () => Promise<void>): Promise<void>;
  stop(): Promise<{ readonly neighbors: NeighborHistory; readonly traffic: TrafficHistory }>;
}

interface Outage {
  readonly what: string;
  readonly fromNs: string;
  readonly toNs: string;
}

/**
 * Brings the fabric up, makes each leaf learn every sender, and starts the client's stream when the spine has a route
 * to every sender over every leaf.
 */
export async function startFabric(lab: Lab): Promise<RunningFabric> {
  const { fabric, leaves, vms } = lab.topology;
  if (fabric === undefined) throw new RangeError(`${lab.topology.name} has no spine; take topologies/fabric.yaml`);
  const routing = await raiseFabric(lab, fabric);
  const tables = await ageLeafTables(lab);
  const addresses = [...new Set(tables.watched.map(({ ip }) => ip))];
  const hostRoutes = followWithRoutes(lab, tables);
  const names = leaves.map((leaf) => leaf.name).sort();
  const routes = await watchSpine(lab, fabric.spine, addresses);
  // Sessions take seconds to come up, and entries of a host without a replicator would expire meanwhile: the leaves
  // learn until all routes are there.
  const converged = (withinMs: number) =>
    awaitRoutes(
      routes,
      addresses,
      'every host route over every leaf',
      (over) => over.join() === names.join(),
      () => tables.learn(),
      withinMs,
    );
  let again: string | null = null;
  try {
    await converged(DURATIONS.fabricStuck);
  } catch (error) {
    if (!(error instanceof NeverHappened)) throw error;
    // Once in hundreds of starts on a busy machine the spine had no IPv6 route for 15 s; why is not known.
    again = `the routing daemons were started again, for ${error.message}; the spine said: ${await sessionsOf(lab.node(fabric.spine))}`;
    await routing[Symbol.asyncDispose]();
    await raiseFabric(lab, fabric);
    await converged(DURATIONS.fabricConvergence).catch((still: unknown) => {
      throw new TestbedError(`${String(still)}; before that ${again ?? ''}`);
    });
  }
  tables.restart(await lab.now());
  const receivers = vms.filter((vm) => tables.watched.some(({ sender }) => sender === vm.node));
  const stream = await startStream(
    lab,
    fabric.client.node,
    receivers.flatMap((vm) =>
      vm.addresses.flatMap(({ ipv4, ipv6 }) => [
        { receiver: vm.node, ip: ipv4 },
        { receiver: vm.node, ip: ipv6 },
      ]),
    ),
  );
  const outages: Outage[] = [];
  const down = new Map<string, string>();
  /**
   * What a leaf knows depends on the replicator; that the spine hears of it, on the fabric. Resolves when the spine has
   * every route that the leaf announces.
   */
  const announced = async (leaf: string): Promise<void> => {
    const known = (ip: string): boolean => isUsable(tables.state(leaf, ip));
    let unheard: readonly string[] = [];
    const look = async (): Promise<true | null> => {
      const table = await routes.now();
      unheard = addresses.filter((ip) => known(ip) && table.get(ip)?.includes(leaf) !== true);
      return unheard.length === 0 ? true : null;
    };
    await until(`the spine to hear of what ${leaf} knows`, DURATIONS.fabricConvergence, look, () =>
      unheard.join(', '),
    ).catch(async (error: unknown) => {
      if (!(error instanceof NeverHappened)) throw error;
      throw new TestbedError(`${error.message}; the spine said: ${await sessionsOf(lab.node(fabric.spine))}`);
    });
  };
  const uplinkOf = (leaf: string): SpineLink => {
    const uplink = fabric.uplinks.find((one) => one.leaf === leaf);
    if (uplink === undefined) throw new RangeError(`"${leaf}" is no leaf; there are ${names.join(', ')}`);
    return uplink;
  };
  return {
    tables,
    again,
    async leafDown(leaf, legDown) {
      const node = lab.node(leaf);
      const fromNs = await lab.now();
      down.set(leaf, fromNs);
      await Promise.all([node.exec(['ip', 'link', 'set', 'dev', uplinkOf(leaf).leafPort, 'down']), legDown()]);
      for (const network of lab.topology.networks)
        await node.exec(['ip', 'neigh', 'flush', 'dev', gatewayPort(network.name), 'nud', 'all'], { mayFail: true });
      const left = (): readonly string[] =>
        addresses.filter(
          (ip) => tables.watched.some((one) => one.leaf === leaf && one.ip === ip) && isUsable(tables.state(leaf, ip)),
        );
      await until(
        `${leaf} to forget everybody`,
        DURATIONS.command,
        () => Promise.resolve(left().length === 0 ? true : null),
        () => `it still knows ${left().join(', ')}`,
      );
      await hostRoutes.settled();
      await awaitRoutes(routes, addresses, `no route over ${leaf}`, (over) => !over.includes(leaf));
      outages.push({ what: `${leaf} went down`, fromNs, toNs: await lab.now() });
    },
    async leafUp(leaf, legUp) {
      const uplink = uplinkOf(leaf);
      const fromNs = await lab.now();
      const since = async (): Promise<string> =>
        `${(Number(BigInt(await lab.now()) - BigInt(fromNs)) / 1e9).toFixed(2)} s`;
      // The kernel removes IPv6 addresses from an interface that goes down.
      await lab.node(leaf).exec(['ip', '-batch', '-'], {
        input: [`link set dev ${uplink.leafPort} up`, ...leafLink(uplink, fabric.uplinks.indexOf(uplink))].join('\n'),
      });
      await lab
        .node(fabric.spine)
        .exec(['ip', '-batch', '-'], { input: spineLink(uplink, fabric.uplinks.indexOf(uplink)).join('\n') });
      await legUp();
      // The clock for the routes runs only from here on: until then nothing that the leaf learns could reach the spine.
      await awaitSessions([
        { node: lab.node(leaf), ipv4: uplink.spineIpv4, ipv6: uplink.spineIpv6 },
        { node: lab.node(fabric.spine), ipv4: uplink.leafIpv4, ipv6: uplink.leafIpv6 },
      ]);
      const back = async (wanted: readonly string[], withinMs: number): Promise<boolean> => {
        try {
          await awaitRoutes(
            routes,
            wanted,
            `every host route over ${leaf} again`,
            (over) => over.includes(leaf),
            undefined,
            withinMs,
          );
          return true;
        } catch (error) {
          // What never came back is for the judge to say.
          if (!(error instanceof NeverHappened)) throw error;
          return false;
        }
      };
      // An ARP reply always carries its sender's MAC. The answer to a unicast Neighbor Solicitation need not (RFC 4861
      // 7.2.4), and Linux's does not, so a leaf with an empty table learns no IPv6 neighbor from answers to the
      // questions of others (P14).
      const told: string[] = [];
      const first = await back(
        addresses.filter((ip) => !ip.includes(':')),
        DURATIONS.leafReturn,
      );
      if (first) told.push(`every IPv4 host route over it again after ${await since()}, without a word from the VMs`);
      await speak(lab, tables);
      let whole = await back(addresses, first ? DURATIONS.leafReturn : DURATIONS.streamDrain);
      if (!whole) {
        await announced(leaf);
        whole = await back(addresses, 0);
      }
      if (whole) told.push(`every IPv6 one after ${await since()}, when each sender had spoken once`);
      const toNs = await lab.now();
      // Loss is excused only by a return that was completed.
      tables.excuse(leaf, down.get(leaf) ?? fromNs, toNs);
      outages.push({
        what: `${leaf} came back with empty tables (${told.join('; ') || 'its host routes did not'})`,
        fromNs,
        toNs: whole ? toNs : fromNs,
      });
    },
    async stop() {
      const toNs = await lab.now();
      const streamed = await stream.stop();
      const neighbors = await tables.stop();
      await hostRoutes.settled();
      await routes.stop();
      return {
        neighbors,
        traffic: {
          client: fabric.client.node,
          fromNs: stream.startedNs,
          toNs,
          ...streamed,
          routes: routes.events.map((event) => ({ ...event })),
          wanted: addresses,
          outages,
        },
      };
    },
  };
}

/**
 * Every sender with a stack pings its gateway once, and so asks for it by multicast with its own address and MAC.
 */
async function speak(lab: Lab, tables: LeafTables): Promise<void> {
  const { topology } = lab;
  const senders = sendersOf(topology).filter((sender) =>
    tables.watched.some(({ sender: name }) => name === sender.node),
  );
  await Promise.all(
    senders.flatMap((sender) =>
      sender.addresses.map(async (address) => {
        const gateway = topology.networks.find((network) => network.name === address.network)?.gateway6 ?? '';
        await lab
          .node(sender.node)
          .exec(['ping', '-6', '-c', '1', '-W', '1', '-I', address.ipv6, gateway], { mayFail: true });
      }),
    ),
  );
}

async function awaitRoutes(
  routes: SpineRoutes,
  addresses: readonly string[],
  what: string,
  holds: (over: readonly string[]) => boolean,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
  withinMs: number = DURATIONS.fabricConvergence,
): Promise<void> {
  let last: SpineTable = new Map();
  await until(
    `the spine to have ${what}`,
    withinMs,
    async () => {
      last = await routes.now();
      if (addresses.every((ip) => holds(last.get(ip) ?? []))) return true;
      await meanwhile();
      return null;
    },
    () => addresses.map((ip) => `${ip} over ${(last.get(ip) ?? []).join(' and ') || 'no leaf'}`).join(', '),
  );
}
