import type { Problem } from './problem.js';
import { SPINE_PORT } from './fabric.js';
import type { PlaneRules } from './planeRules.js';
import type { Path, Source } from './source.js';
import { INTERFACE_NAME_MAX, NAME_MAX, NAME_PATTERN, type TopologyDocument } from './schema.js';
import { quote } from './shape.js';

/**
 * Interface names that mean something else: to the kernel (`lo`; `all` and `default` are folders of
 * /proc/sys/net/ipv4/conf), to Open vSwitch (its own datapath's ports, and words of its flow language), or to `ip` (`h`
 * asks for help, `dev` and `type` are words).
 */
export const RESERVED = [
  'h',
  'lo',
  'all',
  'default',
  'dev',
  'type',
  'name',
  'help',
  'none',
  'ovs-system',
  'ovs-netdev',
  'local',
  'normal',
  'flood',
  'drop',
  'controller',
  'any',
  'table',
] as const;

interface Named {
  readonly path: Path;
  readonly name: string;
  /** What it is, with its article. */
  readonly what: string;
}

/** One end of a leg. */
export interface Endpoint {
  readonly node: string;
  readonly port: string;
}

/** `node/port`, or null. */
export function parseEndpoint(text: string): Endpoint | null {
  const match = /^([^/\s]+)\/([^/\s]+)$/.exec(text);
  return match === null ? null : { node: match[1] ?? '', port: match[2] ?? '' };
}

/** Names that Linux would refuse, that mean something else, or that are given twice. */
export function nameProblems(
  doc: TopologyDocument,
  source: Source,
  plane: Pick<PlaneRules, 'hostNic' | 'bond'>,
): Problem[] {
  const problems: Problem[] = [];
  const say = (kind: Problem['kind'], path: Path, text: string, hint: string): void => {
    problems.push({ kind, ...source.placeOf(path), text, hint });
  };
  const titles: readonly Named[] = [
    { path: ['name'], name: doc.name, what: 'topology name' },
    ...doc.networks.map(({ name }, i) => ({ path: ['networks', i, 'name'], name, what: 'network name' })),
  ];
  for (const { path, name, what } of titles) {
    if (!NAME_PATTERN.test(name))
      say(
        'name-form',
        path,
        `${what} ${quote(name)} is not lower-case letters, digits and hyphens, a letter first`,
        'rename it',
      );
    else if (name.length > NAME_MAX)
      say('name-too-long', path, `${what} ${quote(name)} has ${name.length} characters`, `shorten it to ${NAME_MAX}`);
  }
  const vmNames: readonly Named[] = doc.vms.map(({ name }, i) => ({ path: ['vms', i, 'name'], name, what: 'VM name' }));
  const nodes: readonly Named[] = [
    { path: ['host', 'name'], name: doc.host.name, what: 'host name' },
    ...doc.leaves.map(({ name }, i) => ({ path: ['leaves', i, 'name'], name, what: 'leaf name' })),
    ...vmNames,
    ...doc.legs.map(({ name }, i) => ({ path: ['legs', i, 'name'], name, what: 'leg name' })),
    ...(doc.spine === undefined ? [] : [{ path: ['spine', 'name'], name: doc.spine.name, what: 'spine name' }]),
    ...(doc.client === undefined ? [] : [{ path: ['client', 'name'], name: doc.client.name, what: 'client name' }]),
  ];
  const end = (key: 'from' | 'to'): readonly Named[] =>
    doc.legs.flatMap((leg, i) => {
      const endpoint = parseEndpoint(leg[key]);
      return endpoint === null ? [] : [{ path: ['legs', i, key], name: endpoint.port, what: 'port name' }];
    });
  const hostInterfaces: readonly Named[] = [
    // Names from the data plane come first, so that a duplicate is reported at the other entry.
    ...(plane.bond === null ? [] : [{ path: ['host'], name: plane.bond, what: 'bond name' }]),
    { path: ['host', 'nic'], name: doc.host.nic ?? plane.hostNic, what: 'interface name' },
    ...end('from'),
  ];
  const vmNics: readonly Named[] = doc.vms.flatMap(({ nic }, i) =>
    nic === undefined ? [] : [{ path: ['vms', i, 'nic'], name: nic, what: 'interface name' }],
  );
  const clientNics: readonly Named[] =
    doc.client?.nic === undefined ? [] : [{ path: ['client', 'nic'], name: doc.client.nic, what: 'interface name' }];
  for (const { path, name, what } of [...nodes, ...hostInterfaces, ...end('to'), ...vmNics, ...clientNics]) {
    if (!NAME_PATTERN.test(name))
      say(
        'interface-name-form',
        path,
        `${what} ${quote(name)} is not lower-case letters, digits and hyphens, a letter first`,
        'rename it',
      );
    else if (name.length > INTERFACE_NAME_MAX)
      say(
        'interface-name-too-long',
        path,
        `${what} ${quote(name)} has ${name.length} characters, and Linux takes ${INTERFACE_NAME_MAX}`,
        'shorten it',
      );
    else if ((RESERVED as readonly string[]).includes(name))
      say(
        'interface-name-reserved',
        path,
        `${what} "${name}" means something else to the tools that build the lab`,
        'rename it',
      );
  }
  for (const twice of repeated([...titles.slice(1), ...nodes]))
    say(
      'duplicate-name',
      twice.path,
      `the name "${twice.name}" is taken twice`,
      'host, leaves, legs, VMs and networks each need a name of their own',
    );
  for (const twice of repeated([...hostInterfaces, ...vmNames])) {
    say(
      'duplicate-interface',
      twice.path,
      `the host has two interfaces "${twice.name}"`,
      `rename one; a VM's port on the host has the VM's name`,
    );
  }
  if (doc.spine !== undefined) {
    for (const { path } of end('to').filter(({ name }) => name === SPINE_PORT))
      say(
        'duplicate-interface',
        path,
        `the leaf has two interfaces "${SPINE_PORT}"`,
        'rename this one; the other leads to the spine',
      );
  }
  return problems;
}

function repeated(names: readonly Named[]): Named[] {
  const seen = new Set<string>();
  return names.filter(({ name }) => seen.has(name) || !seen.add(name));
}
