import type { Network, Topology } from './model.js';
import type { Problem } from './problem.js';
import type { Path } from './source.js';
import type { TopologyDocument } from './schema.js';
import { DOCUMENTATION_IPV4, DOCUMENTATION_IPV6 } from './addresses.js';
import { contains, isUsable, overlaps, parseIp, parsePrefix, type Prefix } from './ip.js';
import { usable } from './fabric.js';
import { quote } from './shape.js';

type Say = (kind: Problem['kind'], path: Path, text: string, hint: string) => void;

/** `documentation`: nothing that could be in real use. `any`: a binding has put real machines into the topology. */
export type AddressRule = 'documentation' | 'any';

/** Something wrong with a topology, and its place in the file. */
export type Issue = Omit<Problem, 'line' | 'column'> & { readonly path: Path };

export interface AddressOptions {
  /** `documentation` without it. */
  readonly addresses?: AddressRule;
  /** The source, where the topology was read from a file. */
  readonly doc?: TopologyDocument;
}

/** What is wrong with MACs, prefixes and addresses of a resolved topology, given or derived. */
export function addressIssues(
  topology: Topology,
  { addresses: rule = 'documentation', doc }: AddressOptions = {},
): readonly Issue[] {
  const issues: Issue[] = [];
  const say: Say = (kind, path, text, hint) => {
    issues.push({ kind, path, text, hint });
  };
  macs(topology, rule, say);
  if (issues.length === 0) hashSides(topology, say);
  prefixes(topology, rule, say);
  // Addresses are checked against their networks, so these come first.
  if (issues.length === 0) addresses(topology, doc, say);
  return issues;
}

function macs(topology: Topology, rule: AddressRule, say: Say): void {
  const all: readonly (readonly [string, string, Path])[] = [
    ['the gateway', topology.leaves[0]?.gatewayMac ?? '', ['gatewayMac']],
    ['the LACP system ID', topology.lacp.systemId, ['lacp', 'systemId']],
    [`host "${topology.host.node}"`, topology.host.mac, ['host', 'mac']],
    ...topology.vms.map(({ node, mac }, i) => [`VM "${node}"`, mac, ['vms', i, 'mac']] as const),
    ...topology.legs.map(
      ({ name, hostMac }, i) => [`the host's port of leg "${name}"`, hostMac, ['legs', i, 'hostMac']] as const,
    ),
    ...topology.legs.map(
      ({ name, leafMac }, i) => [`the leaf's port of leg "${name}"`, leafMac, ['legs', i, 'leafMac']] as const,
    ),
    ...(topology.fabric === undefined
      ? []
      : [[`client "${topology.fabric.client.node}"`, topology.fabric.client.mac, ['client', 'mac']] as const]),
  ];
  const owner = new Map<string, string>();
  for (const [who, mac, path] of all) {
    const first = Number.parseInt(mac.slice(0, 2), 16);
    if ((first & 1) === 1)
      say(
        'mac-multicast',
        path,
        `${mac} of ${who} is a multicast address`,
        'a sender needs a unicast one, such as 02:00:00:00:01:0a',
      );
    else if (rule === 'documentation' && (first & 2) === 0)
      say(
        'mac-not-local',
        path,
        `${mac} of ${who} may belong to real hardware`,
        'take a locally administered one: second digit 2, 6, a or e',
      );
    const other = owner.get(mac);
    if (other === undefined) owner.set(mac, who);
    else say('duplicate-mac', path, `${who} has the MAC of ${other}, ${mac}`, 'give each its own');
  }
}

/**
 * Linux hashes ARP by the last bytes of the MACs (Documentation/networking/bonding.rst, layer2), and the gateway's is
 * one.
 */
function hashSides(topology: Topology, say: Say): void {
  const values = topology.vms.map(({ mac }) => BigInt(`0x${mac.replaceAll(':', '')}`));
  if (!values.some((value) => values.includes(value ^ 1n))) {
    say(
      'vms-same-side',
      ['vms'],
      'no two VMs have MACs that differ only in the last bit, so a hash could send all replies to one leaf and one kind of failure would never be seen',
      'give two VMs such a pair, for instance 02:00:00:00:01:0a and 02:00:00:00:01:0b',
    );
  }
}

const DOCUMENTATION: readonly Prefix[] = [...DOCUMENTATION_IPV4, DOCUMENTATION_IPV6].flatMap(
  (text) => parsePrefix(text) ?? [],
);

function prefixes(topology: Topology, rule: AddressRule, say: Say): void {
  const seen: { readonly name: string; readonly prefix: Prefix }[] = [];
  const { fabric } = topology;
  const all = [
    ...topology.networks.map((network, i) => ({
      name: `network "${network.name}"`,
      path: ['networks', i] as Path,
      ipv4: network.ipv4,
      ipv6: network.ipv6,
      leaves: null,
    })),
    ...(fabric === undefined
      ? []
      : [
          {
            name: 'the fabric',
            path: ['spine'] as Path,
            ipv4: fabric.ipv4,
            ipv6: fabric.ipv6,
            leaves: topology.leaves.length,
          },
        ]),
  ];
  for (const { name, path: base, ipv4, ipv6, leaves } of all) {
    for (const [key, version, text] of [
      ['ipv4', 4, ipv4],
      ['ipv6', 6, ipv6],
    ] as const) {
      const path = [...base, key];
      if (text === '') {
        say(
          'no-prefix-left',
          base,
          `no range of RFC 5737 is left for ${name}`,
          'give the networks smaller prefixes with ipv4: 192.0.2.0/26 and so on',
        );
        continue;
      }
      const prefix = parsePrefix(text);
      if (prefix === null || prefix.version !== version) {
        say(
          'prefix-form',
          path,
          `${quote(text)} is not an IPv${version} prefix`,
          `write one without host bits, such as ${version === 4 ? '192.0.2.0/24' : '2001:db8:20::/64'}`,
        );
        continue;
      }
      if (
        rule === 'documentation' &&
        !DOCUMENTATION.some(
          (range) =>
            range.version === version &&
            range.length <= prefix.length &&
            contains(range, { version, value: prefix.base }),
        )
      ) {
        say(
          'prefix-not-documentation',
          path,
          `${text} could be a real network`,
          version === 4
            ? `stay inside RFC 5737: ${DOCUMENTATION_IPV4.join(', ')}`
            : `stay inside RFC 3849: ${DOCUMENTATION_IPV6}`,
        );
      }
      if (leaves !== null && usable(text, version, leaves) === null)
        say(
          'fabric-too-small',
          path,
          `${text} has no room for links to ${leaves} leaves and a client`,
          `take a shorter one, such as ${version === 4 ? '/24' : '/48'}`,
        );
      const other = seen.find((one) => overlaps(one.prefix, prefix));
      if (other !== undefined)
        say(
          'prefix-overlap',
          path,
          `${text} of ${name} overlaps ${name === other.name ? 'itself' : other.name}`,
          'give each network its own',
        );
      seen.push({ name, prefix });
    }
  }
}

function addresses(topology: Topology, doc: TopologyDocument | undefined, say: Say): void {
  for (const [i, network] of topology.networks.entries()) {
    inside(network, network.gateway4, 4, ['networks', i, 'gateway4'], `the gateway of "${network.name}"`, say);
    inside(network, network.gateway6, 6, ['networks', i, 'gateway6'], `the gateway of "${network.name}"`, say);
  }
  const owner = new Map<string, string>();
  const senders = [
    { who: `host "${topology.host.node}"`, base: ['host'] as Path, sender: topology.host, given: doc?.host.addresses },
    ...topology.vms.map((vm, i) => ({
      who: `VM "${vm.node}"`,
      base: ['vms', i] as Path,
      sender: vm,
      given: doc?.vms[i]?.addresses,
    })),
  ];
  for (const { who, base, sender, given } of senders) {
    const attached = sender.addresses.map(({ network }) => network);
    for (const [n, { network }] of (given ?? []).entries()) {
      const repeated = given?.findIndex((one) => one.network === network) !== n;
      if (!attached.includes(network))
        say(
          'address-not-attached',
          [...base, 'addresses', n, 'network'],
          `${who} is not on network ${quote(network)}`,
          `it is on ${attached.join(', ')}`,
        );
      else if (repeated)
        say(
          'address-not-attached',
          [...base, 'addresses', n, 'network'],
          `${who} has two entries for network "${network}"`,
          'keep one of them',
        );
    }
    for (const address of sender.addresses) {
      const network = topology.networks.find(({ name }) => name === address.network);
      const n = given?.findIndex((one) => one.network === address.network) ?? -1;
      if (network === undefined) continue;
      for (const version of [4, 6] as const) {
        const key = `ipv${version}` as const;
        const text = address[key];
        const path = n < 0 ? base : [...base, 'addresses', n, key];
        if (!inside(network, text, version, path, who, say)) continue;
        if (text === network[`gateway${version}`])
          say('address-of-gateway', path, `${who} has the address of the gateway, ${text}`, 'take another');
        const other = owner.get(text);
        if (other === undefined) owner.set(text, who);
        else say('duplicate-address', path, `${who} has the address of ${other}, ${text}`, 'give each its own');
      }
    }
  }
}

function inside(network: Network, text: string, version: 4 | 6, path: Path, who: string, say: Say): boolean {
  const ip = parseIp(text);
  const prefix = parsePrefix(network[`ipv${version}`]);
  if (prefix === null) return false;
  if (ip === null || ip.version !== version) {
    say(
      'address-form',
      path,
      `${quote(text)} of ${who} is not an IPv${version} address`,
      version === 4 ? 'write one such as 192.0.2.10' : 'write one such as 2001:db8:20::10',
    );
    return false;
  }
  if (isUsable(prefix, ip)) return true;
  say(
    'address-outside',
    path,
    `${text} of ${who} is not a usable address of network "${network.name}"`,
    `take one inside ${network[`ipv${version}`]}`,
  );
  return false;
}
