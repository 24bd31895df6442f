import { randomBytes } from 'node:crypto';
import type { Ways } from '../../repair/ways.js';
import { realtimeNs } from '../../agent/sys.js';
import type { Binding } from '../../binding/schema.js';
import { nodeNames } from '../../lab/links.js';
import { named } from '../../lab/ports.js';
import type { SshConnection } from '../../ssh/connect.js';
import type { Topology } from '../../topology/model.js';
import { labEntries, type LabEntries, type LabRecords } from './records.js';
import { until } from '../../until.js';
import { createChanges } from '../apply.js';
import { LackError, lacking, offer, type Lack } from '../capability.js';
import { TestbedError } from '../error.js';
import type { Lab } from '../lab.js';
import type { Process } from '../node.js';
import type { Inject } from '../port.js';
import { openClock, type MachineClock } from './clock.js';
import { LAB_PREFIX, type MachineFacts } from './facts.js';
import { armGuards, type LabGuards } from './guards.js';
import type { FactsOf, Ground } from './ground.js';
import { openSender } from './inject.js';
import { absentNode, farNode } from './node.js';
import type { FarPlace } from './process.js';
import { allowedLink } from './faults.js';
import type { Sender } from './senders.js';
import { openShells } from './shell.js';
import { farTap } from './tap.js';
import type { FarMachine } from './machine.js';
import { FAR_TIMING } from './timing.js';
import { openVantages } from './vantage.js';
import { placesOf } from './vantagePlaces.js';
import { giveBack, type LabNames, type Share } from './wiring.js';

/** A lab that is to be opened. */
export interface LabOrder {
  readonly topology: Topology;
  readonly binding: Binding;
  readonly ground: Ground;
  /** By the machine's name. */
  readonly shares: ReadonlyMap<string, Share>;
  /** The program by which a machine sends, or why it has none. */
  readonly senders: ReadonlyMap<string, { readonly sender: Sender } | Pick<Lack, 'command' | 'output'>>;
  readonly records: LabRecords;
  /** By which of its interfaces each machine is reached. */
  readonly ways: ReadonlyMap<string, Ways>;
  readonly mayLoseAll: boolean;
  /** Machines that take carriers away and are no end of a leg, by name. */
  readonly unpluggers: ReadonlyMap<string, SshConnection>;
  /** Machines without nodes, where leaves are captured or counters are read. */
  readonly watching: readonly FarMachine[];
}

/** What is there once, and anew after a reset. */
interface Held {
  readonly names: LabNames;
  readonly facts: FactsOf;
  readonly guards: LabGuards;
  readonly entries: LabEntries;
}

const now = () => Promise.resolve(String(realtimeNs()));

async function mapAll<V, W>(map: ReadonlyMap<string, V>, make: (value: V) => Promise<W>): Promise<Map<string, W>> {
  return new Map(await Promise.all([...map].map(async ([key, value]) => [key, await make(value)] as const)));
}

/** Takes the ports and makes the nodes. The guards are armed, and the journal says it, before the first change. */
async function hold(
  { shares, records, ground }: LabOrder,
  topology: Topology,
  names: LabNames,
  facts: FactsOf,
): Promise<Held> {
  const { lease } = records;
  await lease.step();
  const taken = new Map([...shares].map(([machine, share]) => [machine, ground.taken(share)]));
  const guards = await armGuards(
    [...taken.values()].map((share) => ({
      machine: share.machine,
      guard: giveBack(share, names, facts.get(share.machine.name) as MachineFacts),
    })),
    lease,
  );
  const entries = labEntries(records, taken, { names, facts, guards });
  entries.begin([...shares.keys()], `a lab for ${topology.name}`);
  const held = { names, facts, guards, entries };
  try {
    await mapAll(shares, (share) => ground.make(share, names, topology));
  } catch (error) {
    await letGo(held, records);
    throw error;
  }
  return held;
}

/** The machines give everything back, which their guards witness. What is not seen to be undone stays in the journal. */
async function letGo({ guards, entries }: Held, { lease }: LabRecords): Promise<void> {
  try {
    await lease.step();
  } catch (error) {
    // Of one that nobody can be asked about we may use up what we had.
    if (!lease.current()) {
      guards.abandon();
      throw error;
    }
  }
  await guards.release();
  entries.endAll();
}

export async function openFarLab(order: LabOrder): Promise<Lab> {
  const { binding, ground, shares, senders, records } = order;
  const { lease } = records;
  const prefix = `${LAB_PREFIX}${randomBytes(3).toString('hex')}-`;
  const names: LabNames = { prefix, folder: `/tmp/${prefix.slice(0, -1)}` };
  const [known, clocks] = await Promise.all([
    mapAll(shares, (share) => ground.look(share)),
    mapAll(shares, ({ machine }) => openClock(machine.connection)),
  ]);
  const topology = await ground.bind(order.topology, known);
  let held: Held | null = await hold(order, topology, names, known);
  const well = (): void => {
    if (held === null) throw new TestbedError('the lab is gone');
    held.guards.well();
    for (const { machine } of shares.values()) {
      const lost = machine.lost();
      if (lost !== null) throw lost;
    }
  };
  const machineOf = (node: string): string =>
    [...shares].find(([, { nodes: there }]) => there.includes(node))?.[0] ?? binding.host.machine;
  const processes = new Set<Process>();
  const machines = new Map(
    [...[...shares.values()].map(({ machine }) => machine), ...order.watching].map((one) => [one.name, one]),
  );
  const vantages = await openVantages(placesOf(binding), { machines, clocks, step: () => lease.step(), well }).catch(
    async (error: unknown) => {
      if (held !== null) await letGo(held, records);
      throw error;
    },
  );
  const programs: AsyncDisposable[] = [vantages];
  let ids = 0;
  const built = nodeNames(topology).map((name) => {
    const share = shares.get(machineOf(name)) as Share;
    const clock = clocks.get(share.machine.name) as MachineClock;
    const absent = ground.absent(name);
    if (absent !== null) return { node: absentNode(name, clock, absent), clock, program: null, lack: absent };
    const enter = ground.enter(names, name);
    const scratch = `${names.folder}/${name}`;
    const shells = openShells(share.machine, name, enter);
    programs.push(shells);
    const place: FarPlace = {
      machine: share.machine,
      enter,
      scratch,
      nextId: () => ++ids,
      signalTo: async (signal, number) =>
        shells.run({ argv: ['kill', '-s', signal, number], env: {}, input: null, timeoutMs: FAR_TIMING.command }),
    };
    const node = farNode(name, place, clock, shells, {
      step: () => lease.step(),
      onProcess(process) {
        processes.add(process);
        void process.ended.then(() => processes.delete(process));
      },
    });
    const found = senders.get(share.machine.name);
    const program =
      found !== undefined && 'sender' in found ? openSender(share.machine, name, enter, found.sender, clock) : null;
    if (program !== null) programs.push(program);
    const lack: Pick<Lack, 'command' | 'output'> =
      found !== undefined && 'output' in found ? found : { command: '', output: '' };
    return {
      node: ground.node(node),
      clock,
      program,
      lack: { what: `sending frames on ${share.machine.name}`, ...lack },
    };
  });
  const nodes = built.map(({ node }) => node);
  const node = (name: string) => named(nodes, name, 'node', (one) => one.name);
  const changes = createChanges({
    now,
    run: (step) => node(step.node).exec(step.argv, step),
    // The lab's guards undo it with everything else; that they live is seen before it is made.
    hold: async ({ name, steps }) => {
      await lease.step();
      await held?.guards.renew();
      well();
      const touched = steps.flatMap((step) => ('argv' in step ? [machineOf(step.node)] : []));
      const machines = touched.length > 0 ? touched : [binding.host.machine];
      const ended = held?.entries.begin([...new Set(machines)], name);
      return () => {
        well();
        ended?.();
        return Promise.resolve();
      };
    },
  });
  const stepped =
    (inject: Inject): Inject =>
    async (...args) => {
      await lease.step();
      return inject(...args);
    };
  const ports = ground.ports(topology, node, (at, port) => {
    const { clock, program, lack } = named(built, at.name, 'node', (one) => one.node.name);
    const own = farTap(at, port, clock, well);
    const isLeg = topology.legs.some(({ leaf, leafPort }) => leaf === at.name && leafPort === port);
    return {
      inject: program === null ? lacking(lack) : offer(stepped(program.inject(port))),
      tap: ground.absent(at.name) === null ? offer(isLeg ? vantages.tap(at, own) : own) : lacking(lack),
    };
  });
  const links = ground.takesCarriers
    ? ports.links.map((link) => allowedLink(link, { ...order, links: () => ports.links }))
    : ports.links;

  async function awaitCarriers(): Promise<void> {
    await Promise.all(
      ground.awaited(ports).map(async (end) => {
        let seen = '';
        await until(
          `${end.node.name}:${end.name} to have carrier`,
          FAR_TIMING.linkUp,
          async () => {
            seen = (await end.node.exec(['ip', '-o', 'link', 'show', 'dev', end.name])).stdout.trim();
            return / state UP /.test(seen) ? true : null;
          },
          () => seen,
        );
      }),
    );
  }

  /** Everything that was made is gone, and every machine is as it was. */
  async function clear(): Promise<void> {
    if (held === null) return;
    const { facts } = held;
    const failures: unknown[] = [];
    const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => void failures.push(error));
    await attempt(changes.undoAll());
    if (!ground.endsProcesses) await attempt(Promise.all([...processes].map((process) => process.stop())));
    await attempt(letGo(held, records));
    held = null;
    await attempt(Promise.all([...processes].map((process) => process.ended)));
    await attempt(Promise.all(programs.map((program) => program[Symbol.asyncDispose]())));
    await attempt(
      Promise.all(
        [...shares.values()].map((share) =>
          ground.requireAsBefore(share, names, facts.get(share.machine.name) as MachineFacts),
        ),
      ),
    );
    if (failures.length > 0) throw failures[0];
  }

  try {
    await awaitCarriers();
  } catch (error) {
    await clear().catch(() => undefined);
    throw error;
  }
  return {
    topology,
    freshness: 'new',
    lease: null,
    timing: FAR_TIMING,
    nodes,
    node,
    ports: ports.ports,
    links,
    port: (at, name) => ports.port(at, name),
    adopt: (at, name, mac) => ports.adopt(at, name, mac),
    link: (name) => named(links, name, 'link', (one) => one.name),
    now,
    captureClocks: vantages.clocks,
    apply(change) {
      if (held === null) throw new TestbedError(`"${change.name}" was asked of a lab that is gone`);
      const refused = ground.refuses(change);
      if (refused !== null) throw new LackError([refused]);
      return changes.apply(change);
    },
    async reset() {
      await clear();
      held = await hold(order, topology, names, await mapAll(shares, (share) => ground.look(share)));
      await awaitCarriers();
    },
    [Symbol.asyncDispose]: clear,
  };
}
