import { CLAIM_TEXT, CLAIMS, VANTAGES } from '../judge/vantage/vantages.js';
import type { Topology } from '../topology/model.js';
import { drawTopology } from '../topology/picture.js';
import { sendersOf } from '../topology/senders.js';
import { textTable } from '../topology/textTable.js';
import { CARRIED_TEXT, declaredClaims } from './claims.js';
import type { Binding, BoundLeaf, BoundMachine, BoundVantage } from './schema.js';

const CHANGE_TEXT: Readonly<Record<Binding['host']['change'], string>> = {
  nothing: 'nothing may be changed there: programs that are there are started',
  addresses: 'addresses may be added for seconds, and nothing else be changed',
  tmp: 'a program may be put into /tmp, and is removed again',
  packages: 'packages may be installed',
};

/** A binding for a terminal: its machines, its wiring, and what each leaf can carry as declared. Nobody is logged in to. */
export function describeBinding(binding: Binding, topology: Topology): string {
  const { lease, host, machines } = binding;
  const sections = [
    `${binding.binding}: topology ${topology.name} on ${Object.keys(machines).length} machines`,
    drawTopology(topology),
    textTable(
      'machines',
      Object.entries(machines).map(([name, machine]) => [name, loginText(machine), machine.os ?? '', viaText(machine)]),
    ),
    `host\n  ${host.machine}: ${CHANGE_TEXT[host.change]}\n  replicator: ${replicatorText(host.replicator)}`,
    textTable(
      'wiring',
      topology.legs.map((leg) => {
        const leaf = binding.leaves[leg.leaf];
        return [
          leg.name,
          `${host.machine} ${host.ports[leg.hostPort] ?? ''}`,
          `${leaf?.machine ?? ''} ${leaf?.ports[leg.leafPort] ?? ''}`,
          leaf === undefined ? '' : placeText(leaf.vantage, leaf, leg.leafPort),
        ];
      }),
    ),
    textTable(
      'senders',
      sendersOf(topology).map(({ node }) => [node, senderText(binding, node)]),
    ),
    claimsTable(binding, topology),
    ...unusedText(binding),
    textTable(
      'faults that are allowed',
      topology.leaves.map(({ name }) => [name, faultsText(binding.leaves[name])]),
    ),
    `lease\n  ${'at' in lease ? `a file on ${lease.at}, for ${lease.ttl ?? '90s'} at a time` : lease.command.join(' ')}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function loginText({ ssh, port, user }: BoundMachine): string {
  return `${user === undefined ? '' : `${user}@`}${ssh}${port === undefined ? '' : `:${port}`}`;
}

function viaText({ via = [], sudo = false }: BoundMachine): string {
  return [...(via.length === 0 ? [] : [`via ${via.join(', ')}`]), ...(sudo ? ['sudo'] : [])].join(', ');
}

function replicatorText(replicator: Binding['host']['replicator']): string {
  if ('start' in replicator) return `started from ${replicator.start}`;
  const killing =
    replicator.killing === undefined ? '' : `; it may be killed, by: ${replicator.killing.kill.join(' ')}`;
  return `${replicator.name}, which is installed there${killing}`;
}

function placeText({ kind, at }: BoundVantage, leaf: BoundLeaf, leafPort: string): string {
  const place = at === undefined ? `${leaf.machine} ${leaf.ports[leafPort] ?? ''}` : `${at.machine} ${at.port}`;
  return `captured at ${place} (${VANTAGES[kind].title})`;
}

function senderText({ senders, host }: Binding, name: string): string {
  const sender = senders[name];
  if (sender === undefined) return 'not there: nothing is asked of it';
  if (sender.machine === null) return 'answers only: the leaves ask it';
  const where = [sender.machine ?? host.machine, ...(sender.netns === undefined ? [] : [`namespace ${sender.netns}`])];
  return [...where, sender.interface ?? '', sender.mac ?? ''].filter((part) => part !== '').join(' ');
}

function faultsText(leaf: BoundLeaf | undefined): string {
  const { unplug, rules = [], rebootLeaf = false } = leaf?.faults ?? {};
  const allowed = [
    ...(unplug === undefined
      ? []
      : [
          unplug.by === 'self'
            ? 'unplug, at the leaf itself'
            : `unplug, by ${unplug.by} ${unplug.domain ?? ''} ${unplug.port ?? ''}`.replace('  ', ' '),
        ]),
    ...rules,
    ...(rebootLeaf === true || rebootLeaf === 'yes' ? ['rebootLeaf'] : []),
  ];
  return allowed.length === 0 ? 'none' : allowed.join('; ');
}

/** What a binding may say and no run does anything with. */
function unusedText({ leaves }: Binding): readonly string[] {
  const rows = Object.entries(leaves).flatMap(([name, { vantage, second }]) => [
    ...(second === undefined ? [] : [[name, 'second', 'nothing is captured there']]),
    ...(vantage.clock === undefined ? [] : [[name, 'clock', 'stamps are those of the kernel that captures']]),
  ]);
  return rows.length === 0 ? [] : [textTable('said, and not used by any run', rows)];
}

function claimsTable(binding: Binding, topology: Topology): string {
  const leaves = topology.leaves.map(({ name }) => name);
  const claims = leaves.map((name) => {
    const leaf = binding.leaves[name];
    return leaf === undefined ? null : declaredClaims(leaf.vantage);
  });
  const rows = CLAIMS.map((claim) => [
    claim,
    CLAIM_TEXT[claim],
    ...claims.map((of) => CARRIED_TEXT[of?.[claim] ?? 'no']),
  ]);
  return `${textTable('what each leaf can carry, as declared', [['claim', '', ...leaves], ...rows])}\n  A declaration only takes away: frames show before each run whether it is so.`;
}
