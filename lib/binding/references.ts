import type { Topology } from '../topology/model.js';
import type { Problem } from '../topology/problem.js';
import { sendersOf } from '../topology/senders.js';
import type { Path, Source } from '../topology/source.js';
import { suggest } from '../topology/suggest.js';
import type { Binding, BoundLeaf } from './schema.js';

/** What does not fit, in a binding whose form is right. */
export function bindingProblems(binding: Binding, source: Source, topology: Topology): Problem[] {
  const problem = (path: Path, text: string, hint: string): Problem => ({
    kind: 'wrong-value',
    ...source.placeOf(path),
    text,
    hint,
  });
  return [
    ...unknownMachines(binding, problem),
    ...jumpProblems(binding, problem),
    ...sameMachines(binding, problem),
    ...leaseProblems(binding, problem),
    ...namesOfTopology(binding, topology, problem),
    ...faultProblems(binding, problem),
    ...sanityProblems(binding, problem),
  ];
}

type MakeProblem = (path: Path, text: string, hint: string) => Problem;

/** Every place that names a machine. */
function machinePlaces(binding: Binding): readonly { readonly path: Path; readonly name: string }[] {
  const places: { path: Path; name: string }[] = [{ path: ['host', 'machine'], name: binding.host.machine }];
  if ('at' in binding.lease) places.push({ path: ['lease', 'at'], name: binding.lease.at });
  for (const [name, { via = [] }] of Object.entries(binding.machines))
    via.forEach((jump, i) => places.push({ path: ['machines', name, 'via', i], name: jump }));
  for (const [name, { machine }] of Object.entries(binding.senders))
    if (typeof machine === 'string') places.push({ path: ['senders', name, 'machine'], name: machine });
  for (const [name, leaf] of Object.entries(binding.leaves)) {
    const path = ['leaves', name];
    places.push({ path: [...path, 'machine'], name: leaf.machine });
    for (const key of ['vantage', 'second'] as const) {
      const { at, clock } = leaf[key] ?? {};
      if (at !== undefined) places.push({ path: [...path, key, 'at', 'machine'], name: at.machine });
      if (clock !== undefined) places.push({ path: [...path, key, 'clock', 'nic'], name: clock.nic });
    }
    const by = leaf.faults?.unplug?.by;
    if (by !== undefined && by !== 'self') places.push({ path: [...path, 'faults', 'unplug', 'by'], name: by });
  }
  return places;
}

function unknownMachines(binding: Binding, problem: MakeProblem): Problem[] {
  const known = Object.keys(binding.machines);
  return machinePlaces(binding)
    .filter(({ name }) => !known.includes(name))
    .map(({ path, name }) => problem(path, `there is no machine "${name}"`, suggest(name, known)));
}

/** A way that leads through itself has no beginning. */
function jumpProblems({ machines }: Binding, problem: MakeProblem): Problem[] {
  const leadsTo = (name: string, wanted: string, seen: ReadonlySet<string>): boolean =>
    (machines[name]?.via ?? []).some(
      (jump) => jump === wanted || (!seen.has(jump) && leadsTo(jump, wanted, new Set([...seen, jump]))),
    );
  return Object.keys(machines)
    .filter((name) => leadsTo(name, name, new Set()))
    .map((name) =>
      problem(['machines', name, 'via'], `the way to "${name}" leads through itself`, 'remove one of the jump hosts'),
    );
}

/** Two names for one machine would make two leaves of one. */
function sameMachines({ machines }: Binding, problem: MakeProblem): Problem[] {
  const first = new Map<string, string>();
  return Object.entries(machines).flatMap(([name, { ssh, port = 22, via = [] }]) => {
    const key = JSON.stringify([ssh.toLowerCase(), port, via]);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, name);
      return [];
    }
    return [problem(['machines', name, 'ssh'], `"${name}" and "${other}" are one machine`, 'give it one name')];
  });
}

function leaseProblems({ lease, host }: Binding, problem: MakeProblem): Problem[] {
  if (!('at' in lease) || lease.at !== host.machine) return [];
  return [
    problem(
      ['lease', 'at'],
      `the lease would be kept on "${lease.at}", the host under test`,
      'keep it on another machine: it must outlive whatever happens to the host',
    ),
  ];
}

function namesOfTopology(binding: Binding, topology: Topology, problem: MakeProblem): Problem[] {
  const problems: Problem[] = [];
  const compare = (path: Path, what: string, given: readonly string[], wanted: readonly string[]): void => {
    for (const name of given)
      if (!wanted.includes(name))
        problems.push(
          problem([...path, name], `topology ${topology.name} has no ${what} "${name}"`, suggest(name, wanted)),
        );
    for (const name of wanted)
      if (!given.includes(name))
        problems.push(problem(path, `${what} "${name}" of topology ${topology.name} is not bound`, `add ${name}`));
  };
  compare(
    ['leaves'],
    'leaf',
    Object.keys(binding.leaves),
    topology.leaves.map((leaf) => leaf.name),
  );
  compare(
    ['host', 'ports'],
    'port of the host',
    Object.keys(binding.host.ports),
    topology.legs.map((leg) => leg.hostPort),
  );
  for (const leg of topology.legs) {
    const leaf = binding.leaves[leg.leaf];
    if (leaf !== undefined)
      compare(['leaves', leg.leaf, 'ports'], `port of ${leg.leaf}`, Object.keys(leaf.ports), [leg.leafPort]);
  }
  const senders = sendersOf(topology).map((sender) => sender.node);
  for (const name of Object.keys(binding.senders))
    if (!senders.includes(name))
      problems.push(
        problem(['senders', name], `topology ${topology.name} has no sender "${name}"`, suggest(name, senders)),
      );
  if (binding.senders[topology.host.node] === undefined)
    problems.push(
      problem(
        ['senders'],
        `nothing says how "${topology.host.node}" sends`,
        `add ${topology.host.node}: { interface: ... }`,
      ),
    );
  return problems;
}

function faultProblems({ leaves }: Binding, problem: MakeProblem): Problem[] {
  return Object.entries(leaves).flatMap(([name, { faults }]: [string, BoundLeaf]) => {
    const { unplug } = faults ?? {};
    if (unplug === undefined || unplug.by === 'self' || unplug.port !== undefined) return [];
    return [
      problem(
        ['leaves', name, 'faults', 'unplug'],
        `which port of "${unplug.by}" takes the carrier away is not said`,
        'add port: the one that leads to the host',
      ),
    ];
  });
}

function sanityProblems({ sanity, machines }: Binding, problem: MakeProblem): Problem[] {
  const known = Object.keys(machines);
  return (sanity?.commands ?? []).flatMap(([machine = ''], i) =>
    known.includes(machine)
      ? []
      : [
          problem(
            ['sanity', 'commands', i],
            `there is no machine "${machine}"`,
            `begin with one: ${suggest(machine, known)}`,
          ),
        ],
  );
}
