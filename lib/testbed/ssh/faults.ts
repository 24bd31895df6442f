import type { Binding } from '../../binding/schema.js';
import { cutBetween } from '../../lab/carrier.js';
import { unplugWay } from '../../repair/unplugWay.js';
import type { SshConnection } from '../../ssh/connect.js';
import { faultRefusal, RULE_VERBS, type WantedFault } from '../../repair/refusal.js';
import type { Ways } from '../../repair/ways.js';
import type { Topology } from '../../topology/model.js';
import { lacking, mapOffer, offer } from '../capability.js';
import type { Change } from '../change.js';
import { TestbedError } from '../error.js';
import type { Link, TestPort } from '../port.js';
import { cutElsewhere } from './cutElsewhere.js';
import type { LabRecords } from './records.js';

/** What must be known before a carrier is taken away. */
export interface FaultAround {
  readonly binding: Binding;
  /** With the names of the topology, not of the machines. */
  readonly topology: Topology;
  readonly ways: ReadonlyMap<string, Ways>;
  /** The scenario is about a host without any leg. */
  readonly mayLoseAll: boolean;
  readonly links: () => readonly Link[];
  /** Machines that take carriers away and are no end of a leg, by name. */
  readonly unpluggers: ReadonlyMap<string, SshConnection>;
  readonly records: LabRecords;
}

async function hasCarrier({ node, name }: TestPort): Promise<boolean> {
  return / state UP /.test((await node.exec(['ip', '-o', 'link', 'show', 'dev', name])).stdout);
}

/** Legs both of whose ends have a carrier now, and on which nothing is dropped. */
async function legsUp({ topology, links, records }: FaultAround): Promise<readonly string[]> {
  const looks = topology.legs.map(async ({ name }) => {
    const link = links().find((one) => one.name === name);
    const ends = link === undefined ? [false] : await Promise.all([link.a, link.b].map(hasCarrier));
    return ends.every(Boolean) && records.silent?.has(name) !== true ? [name] : [];
  });
  return (await Promise.all(looks)).flat();
}

/** The change, which asks first whether it may be made. */
export function asking(change: Change, wanted: WantedFault, around: FaultAround): Change {
  const ask = {
    what: `"${change.name}" to be allowed`,
    async run() {
      const why = faultRefusal(wanted, { ...around, legsUp: await legsUp(around) });
      if (why !== null) throw new TestbedError(`"${change.name}" was refused: ${why}`);
    },
  };
  return { ...change, steps: [ask, ...change.steps] };
}

/** Rules at the ends of a leg, each of which must be allowed at the end that sends. */
function allowedDrops(link: Link, drops: NonNullable<Link['drops']>, around: FaultAround): NonNullable<Link['drops']> {
  const { binding, topology } = around;
  const leg = topology.legs.find(({ name }) => name === link.name);
  const leaf = leg === undefined ? undefined : binding.leaves[leg.leaf];
  return (rule) => {
    const verb = RULE_VERBS.find((one) => one === rule.verb);
    if (leg === undefined || leaf === undefined || verb === undefined || leaf.faults?.rules?.includes(verb) !== true)
      return lacking({
        what: `the fault ${rule.verb} on ${link.name}`,
        command: `nft '${rule.statement}'`,
        output: `the binding does not allow it at ${leg?.leaf ?? link.name}: add faults: { rules: [${rule.verb}] }`,
      });
    const ends = {
      'to-leaf': { machine: binding.host.machine, port: binding.host.ports[leg.hostPort] ?? null },
      'to-host': { machine: leaf.machine, port: leaf.ports[leg.leafPort] ?? null },
    };
    return mapOffer(drops(rule), (change) =>
      rule.directions.reduce((made, way) => asking(made, { verb, leg: leg.name, ...ends[way] }, around), change),
    );
  };
}

/** The faults of a leg's link that the binding allows: its leaf's machine, or nothing, takes carriers away. */
export function allowedLink(bare: Link, around: FaultAround): Link {
  const link = bare.drops === undefined ? bare : { ...bare, drops: allowedDrops(bare, bare.drops, around) };
  const { binding, topology } = around;
  const leg = topology.legs.find(({ name }) => name === link.name);
  const leaf = leg === undefined ? undefined : binding.leaves[leg.leaf];
  if (leg === undefined) return link;
  const by = leaf?.faults?.unplug?.by;
  const way = unplugWay(binding, leaf?.faults?.unplug);
  const unplugger = way === null ? undefined : around.unpluggers.get(way.machine);
  if (leaf !== undefined && way !== null && unplugger !== undefined) {
    const wanted = { verb: 'unplug', leg: leg.name, machine: way.machine, port: way.port } as const;
    const shut = (end: 'a' | 'b'): WantedFault => ({
      verb: 'adminDown',
      leg: leg.name,
      ...(end === 'a'
        ? { machine: binding.host.machine, port: binding.host.ports[leg.hostPort] ?? null }
        : { machine: leaf.machine, port: leaf.ports[leg.leafPort] ?? null }),
    });
    return {
      ...link,
      cut: offer(() => {
        const name = `${link.name}: the cable is out`;
        const elsewhere = cutElsewhere(unplugger, way, name, around.records);
        return asking(cutBetween(name, link, elsewhere), wanted, around);
      }),
      shut: mapOffer(link.shut, (make) => (end) => asking(make(end), shut(end), around)),
    };
  }
  if (leaf === undefined || by !== 'self') {
    const lack = lacking({
      what: `a carrier to take from ${link.name}`,
      command: `ip link set dev ${link.b.name} down`,
      output:
        by === undefined
          ? `the binding allows no fault at ${leg.leaf}: add faults: { unplug: { by: self } }`
          : `the binding has ${by} do it, and does not say how: add commands, or domain, to faults.unplug`,
    });
    return { ...link, cut: lack, shut: lack };
  }
  const atLeaf = { leg: leg.name, machine: leaf.machine, port: leaf.ports[leg.leafPort] ?? null };
  const atHost = { leg: leg.name, machine: binding.host.machine, port: binding.host.ports[leg.hostPort] ?? null };
  return {
    ...link,
    cut: mapOffer(link.cut, (cut) => () => asking(cut(), { verb: 'unplug', ...atLeaf }, around)),
    shut: mapOffer(
      link.shut,
      (shut) => (end) => asking(shut(end), { verb: 'adminDown', ...(end === 'a' ? atHost : atLeaf) }, around),
    ),
  };
}
