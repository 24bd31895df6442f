import type { Binding } from '../../binding/schema.js';
import { sshTargets } from '../../binding/targets.js';
import type { BoundTopology } from '../../binding/load.js';
import { openKeeper } from '../../lease/keeper.js';
import { joinRun } from '../../lease/runRecord.js';
import { stateFolder } from '../../lease/stateFolder.js';
import { openJournal } from '../../repair/journal.js';
import { killWay } from '../../repair/killWay.js';
import { probeWays } from '../../repair/ways.js';
import type { SshConnection } from '../../ssh/connect.js';
import { unplugWays } from '../../repair/unplugWay.js';
import { openConnections, type Connections } from '../../ssh/connections.js';
import { together } from '../../ssh/together.js';
import type { Topology } from '../../topology/model.js';
import { UserError } from '../../userError.js';
import { LackError, offer, type Lack } from '../capability.js';
import { calibrate, uncalibrated, type Declared } from '../../capture/calibrate.js';
import { asFound } from '../detours.js';
import type { Lab } from '../lab.js';
import { unmetNeeds } from '../needs.js';
import type { Testbed } from '../testbed.js';
import { builtGround } from './builtGround.js';
import { inspect, shareOf, type Inhabited } from './inspect.js';
import { askersOf } from './installed/askers.js';
import { installedGround } from './installed/ground.js';
import { killChange } from './installed/killing.js';
import { placeInstalled } from './installed/place.js';
import { openFarLab } from './lab.js';
import { machineOn, type FarMachine } from './machine.js';
import { leaseOfPass } from './pass.js';
import { place, type Placement } from './placement.js';
import type { LabRecords } from './records.js';
import { FAR_TIMING } from './timing.js';
import { machinesOf, placesOf, requirePlaces } from './vantagePlaces.js';

/** Throws UserError for what a binding asks for and this testbed cannot do. */
export function requireBuilt(binding: Binding, file: string): void {
  const { switches = 'installed', host } = binding;
  if (switches === 'installed' && 'start' in host.replicator)
    throw new UserError(
      `${file}: its switches are installed, and everyleaf starts no replicator there`,
      'say "replicator: { installed: true, name: NAME }", or "switches: built" where host and leaves are bare machines',
    );
  requirePlaces(binding, file);
}

/** Where each leaf is captured, as the binding says. */
function declaredVantages({ leaves }: Binding): ReadonlyMap<string, Declared> {
  return new Map(
    Object.entries(leaves).map(([name, { machine, ports, vantage }]) => {
      const { kind, tags, data, at, direction } = vantage;
      const place = at ?? { machine, port: Object.values(ports).join(', ') };
      const without = [
        ...(tags === 'stripped' ? ['tags' as const] : []),
        ...(data === 'none' ? ['data' as const] : []),
      ];
      return [name, { kind, at: `${place.machine} ${place.port}`, without, showsSent: direction === 'both' }];
    }),
  );
}

/** Why no frame can be sent on the legs; null where frames can. */
function unsentReason(lab: Lab): string | null {
  const { host, legs } = lab.topology;
  const offers = legs.map(({ hostPort }) => lab.port(host.node, hostPort).inject);
  const [lack] = offers.flatMap((offered) => (offered.ok ? [] : [offered.lack]));
  return lack === undefined ? null : `nothing on the host can send frames (${lack.output})`;
}

/** How the installed replicator is killed, where the binding says it. */
function killing(
  binding: Binding,
  machines: ReadonlyMap<string, FarMachine>,
  records: LabRecords,
): Pick<Lab, 'killsReplicator'> {
  const way = killWay(binding);
  const host = way === null ? undefined : machines.get(way.machine);
  return way === null || host === undefined
    ? {}
    : { killsReplicator: offer(killChange(host.connection, way, records)) };
}

/** Where the nodes of a topology are, on machines that the lab builds on or that are what they are. */
function placed(topology: Topology, binding: Binding, file: string): Placement | Lack {
  return (binding.switches === 'built' ? place : placeInstalled)(topology, binding, file);
}

/** Logs in to every machine that a lab of the binding needs. Throws SshError, and LackError where nodes are not bound. */
export async function inhabit(
  { binding, topology }: BoundTopology,
  file: string,
  connections: Connections,
): Promise<Inhabited> {
  const wanted = placed(topology, binding, file);
  if ('what' in wanted) throw new LackError([wanted]);
  const inhabited = new Set(wanted.nodes.map(({ machine }) => machine));
  const names = [...new Set([...inhabited, ...machinesOf(placesOf(binding))])];
  for (const name of names)
    if (binding.machines[name] === undefined) throw new UserError(`${file}: there is no machine "${name}"`);
  const opened = await Promise.allSettled(names.map((name) => connections.to(name)));
  const all = opened.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return machineOn(one.value);
  });
  const [machines, watching] = [true, false].map((has) => all.filter(({ name }) => inhabited.has(name) === has));
  return {
    machines: machines ?? [],
    watching: watching ?? [],
    wanted,
    ways: all.map(({ connection }) => connection.machine.host),
  };
}

/**
 * Labs on the machines of a binding: they are logged in to and looked at, and nothing is changed until a lab is opened.
 *
 * @param file the binding's, for errors
 * @param pass of the hold under which this is done
 * @throws SshError and UserError, in one sentence with the machine; LeaseError when the machines are no longer ours
 */
export async function openSshTestbed(bound: BoundTopology, file: string, pass: string): Promise<Testbed> {
  const { binding, folder } = bound;
  requireBuilt(binding, file);
  const connections = openConnections(sshTargets(binding, { folder, environment: process.env, ask: null }));
  const machines: FarMachine[] = [];
  const close = async () => {
    await Promise.all(machines.map((machine) => machine[Symbol.asyncDispose]()));
    await connections[Symbol.asyncDispose]();
  };
  try {
    // To log in changes nothing, and so needs no lease yet.
    const [{ lease, run }, inhabited] = await together(
      openKeeper(bound, (machine) => connections.to(machine)).then(({ keeper }) => leaseOfPass(keeper, pass)),
      inhabit(bound, file, connections),
    );
    joinRun(stateFolder(binding.binding), lease.token);
    const { ways, watching } = inhabited;
    machines.push(...inhabited.machines, ...watching);
    const unpluggers = new Map<string, SshConnection>();
    const findWays = async () => {
      for (const { machine } of unplugWays(binding)) unpluggers.set(machine, await connections.to(machine));
      return probeWays(
        new Map([...unpluggers, ...machines.map(({ name, connection }) => [name, connection] as const)]),
      );
    };
    const [senders, byWhich] = await together(inspect(inhabited, { binding, file }), findWays());
    const journal = openJournal(stateFolder(binding.binding));
    let vantages: Lab['vantages'];
    return {
      name: 'ssh',
      timing: FAR_TIMING,
      freshness: 'new',
      async open({ topology, needs = [], mayLoseAll = false }) {
        const placement = placed(topology, binding, file);
        if ('what' in placement) throw new LackError([placement]);
        await lease.step();
        const shares = new Map(inhabited.machines.map((machine) => [machine.name, shareOf(machine, placement, ways)]));
        const records = { lease, journal, run, silent: new Set<string>() };
        const isBuilt = binding.switches === 'built';
        const byName = new Map(machines.map((machine) => [machine.name, machine]));
        const ground = isBuilt ? builtGround(binding) : installedGround(topology, binding, byName, records);
        const opened = await openFarLab({
          ...{ topology, binding, ground, shares, senders, records, mayLoseAll, unpluggers, watching },
          ways: byWhich,
        });
        const found = isBuilt ? opened : { ...asFound(opened), ...killing(binding, byName, records) };
        const unsent = isBuilt ? null : unsentReason(found);
        const lab = unsent === null ? found : { ...found, askers: askersOf(binding, byName, records) };
        try {
          const lacks = await unmetNeeds(lab, needs);
          if (lacks.length > 0) throw new LackError(lacks);
          // Once: the first lab has no switches yet, so that nothing but legs and vantages is tried.
          vantages ??=
            unsent === null
              ? await calibrate(lab, declaredVantages(binding), isBuilt ? 'nobody' : 'host')
              : uncalibrated(declaredVantages(binding), unsent);
          return { ...lab, vantages };
        } catch (error) {
          await lab[Symbol.asyncDispose]();
          throw error;
        }
      },
      async [Symbol.asyncDispose]() {
        journal[Symbol.dispose]();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
