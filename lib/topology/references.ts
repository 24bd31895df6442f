import type { Problem } from './problem.js';
import type { Path, Source } from './source.js';
import type { TopologyDocument } from './schema.js';
import { VIRTIO_LEGS, VIRTIO_QUEUES } from './virtio.js';
import { parseEndpoint } from './names.js';
import { quote } from './shape.js';
import { suggest } from './suggest.js';

/** Checks that legs, networks and VLANs fit together. */
export function referenceProblems(doc: TopologyDocument, source: Source): Problem[] {
  const problems: Problem[] = [];
  const say: Say = (kind, path, text, hint) => {
    problems.push({ kind, ...source.placeOf(path), text, hint });
  };
  vlans(doc, say);
  legs(doc, say);
  attachments(doc, say);
  nics(doc, say);
  if ((doc.spine === undefined) !== (doc.client === undefined)) {
    const [has, lacks] = doc.spine === undefined ? ['client', 'spine'] : ['spine', 'client'];
    say(
      'half-a-fabric',
      [has],
      `there is a ${has}, but no ${lacks}`,
      `add ${lacks}: { name: ${lacks} }, or remove the ${has}`,
    );
  }
  return problems;
}

/** Guests are made with their NICs, before any topology is known. */
function nics({ nics: kind, queues = 1, legs }: TopologyDocument, say: Say): void {
  if (kind !== 'virtio') return;
  if (queues > VIRTIO_QUEUES)
    say(
      'too-many-for-nics',
      ['queues'],
      `a virtio NIC of a guest has ${VIRTIO_QUEUES} queues, and queues is ${queues}`,
      'take fewer queues, or leave nics out',
    );
  if (legs.length > VIRTIO_LEGS)
    say(
      'too-many-for-nics',
      ['legs', VIRTIO_LEGS],
      `a guest has virtio NICs for ${VIRTIO_LEGS} legs`,
      'leave this leg and its leaf out, or leave nics out',
    );
}

type Say = (kind: Problem['kind'], path: Path, text: string, hint: string) => void;

function vlans(doc: TopologyDocument, say: Say): void {
  const users = new Map<number | undefined, string>();
  for (const [i, { name, vlan }] of doc.networks.entries()) {
    const user = users.get(vlan);
    if (user === undefined) users.set(vlan, name);
    else if (vlan === undefined)
      say(
        'duplicate-vlan',
        ['networks', i],
        `networks "${user}" and "${name}" are both untagged`,
        'give one of them a vlan',
      );
    else
      say(
        'duplicate-vlan',
        ['networks', i, 'vlan'],
        `VLAN ${vlan} is already used by network "${user}"`,
        'give each network its own',
      );
  }
}

function legs(doc: TopologyDocument, say: Say): void {
  const leafNames = doc.leaves.map(({ name }) => name);
  const legOf = new Map<string, string>();
  const reached = new Set(doc.legs.map(({ to }) => parseEndpoint(to)?.node));
  // Of leaves with similar names, the one that still lacks a leg was meant.
  const likely = [...leafNames.filter((name) => !reached.has(name)), ...leafNames.filter((name) => reached.has(name))];
  for (const [i, leg] of doc.legs.entries()) {
    const from = parseEndpoint(leg.from);
    const to = parseEndpoint(leg.to);
    if (from === null)
      say(
        'endpoint-form',
        ['legs', i, 'from'],
        `${quote(leg.from)} is not an end of a leg`,
        `write node/port, for instance ${doc.host.name}/up-a`,
      );
    else if (from.node !== doc.host.name)
      say(
        'unknown-host',
        ['legs', i, 'from'],
        `leg "${leg.name}" comes from ${quote(from.node)}, which is not the host`,
        suggest(from.node, [doc.host.name]),
      );
    if (to === null)
      say(
        'endpoint-form',
        ['legs', i, 'to'],
        `${quote(leg.to)} is not an end of a leg`,
        `write node/port, for instance ${leafNames[0] ?? 'leaf-a'}/to-host`,
      );
    else if (!leafNames.includes(to.node))
      say(
        'unknown-leaf',
        ['legs', i, 'to'],
        `leg "${leg.name}" goes to ${quote(to.node)}, which is not a leaf`,
        suggest(to.node, likely),
      );
    else if (legOf.has(to.node))
      say(
        'leaf-with-two-legs',
        ['legs', i, 'to'],
        `leaf "${to.node}" has two legs, "${legOf.get(to.node) ?? ''}" and "${leg.name}"`,
        'exactly one copy per leaf needs exactly one leg to it',
      );
    else legOf.set(to.node, leg.name);
  }
  // A leg to an unknown leaf is most likely the one that a leaf lacks.
  if (doc.legs.some(({ to }) => !leafNames.includes(parseEndpoint(to)?.node ?? ''))) return;
  for (const [i, { name }] of doc.leaves.entries()) {
    if (!legOf.has(name))
      say(
        'leaf-without-leg',
        ['leaves', i],
        `leaf "${name}" has no leg`,
        `add { name: ..., from: ${doc.host.name}/..., to: ${name}/to-host } to legs`,
      );
  }
}

function attachments(doc: TopologyDocument, say: Say): void {
  const known = doc.networks.map(({ name }) => name);
  const vlanOf = new Map(doc.networks.map(({ name, vlan }) => [name, vlan]));
  const exists = (network: string, path: Path, who: string): boolean => {
    if (vlanOf.has(network)) return true;
    say(
      'unknown-network',
      path,
      `${who} is on network ${quote(network)}, which is not in networks`,
      suggest(network, known),
    );
    return false;
  };
  if (
    exists(doc.host.network, ['host', 'network'], `host "${doc.host.name}"`) &&
    vlanOf.get(doc.host.network) !== undefined
  ) {
    say(
      'host-not-native',
      ['host', 'network'],
      `the host's own stack is on "${doc.host.network}", which has a VLAN`,
      'put it on the untagged network, and add one if there is none',
    );
  }
  for (const [i, vm] of doc.vms.entries()) {
    const who = `VM "${vm.name}"`;
    const ways = (['access', 'trunk', 'native'] as const).filter((way) => vm[way] !== undefined);
    if (ways.length !== 1) {
      say(
        'vm-attachment',
        ['vms', i],
        `${who} has ${ways.length === 0 ? 'neither access nor trunk' : `both ${ways.join(' and ')}`}`,
        'give it one: access: NETWORK, trunk: [NETWORK, ...], or native: NETWORK',
      );
      continue;
    }
    if (vm.native !== undefined) {
      const path = ['vms', i, 'native'];
      if (exists(vm.native, path, who) && vlanOf.get(vm.native) !== undefined)
        say(
          'vm-tagged',
          path,
          `${who} is native on "${vm.native}", which has a VLAN`,
          'write access instead of native',
        );
      continue;
    }
    const networks: readonly (readonly [string, Path])[] =
      vm.access === undefined
        ? (vm.trunk ?? []).map((name, n) => [name, ['vms', i, 'trunk', n]] as const)
        : [[vm.access, ['vms', i, 'access']]];
    const seen = new Set<string>();
    for (const [network, path] of networks) {
      if (seen.has(network))
        say('trunk-repeats', path, `${who} has network "${network}" twice in its trunk`, 'keep one of them');
      seen.add(network);
      if (exists(network, path, who) && vlanOf.get(network) === undefined) {
        say(
          'vm-untagged',
          path,
          `${who} is on "${network}", which has no VLAN`,
          'give it a network with a vlan, or write native instead',
        );
      }
    }
  }
}
