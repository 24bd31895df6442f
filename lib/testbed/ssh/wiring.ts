import { setTimeout as wait } from 'node:timers/promises';
import type { GuardOptions } from '../../ssh/guard.js';
import { SshError } from '../../ssh/error.js';
import { linkLines, wiredLinks } from '../../lab/links.js';
import { SILENT_DEFAULTS } from '../../lab/silence.js';
import type { Topology } from '../../topology/model.js';
import { shellCommand } from '../../shellQuote.js';
import { TestbedError } from '../error.js';
import { lookAt, type MachineFacts, type PortFacts } from './facts.js';
import type { FarMachine } from './machine.js';
import type { PlacedPort } from './placement.js';
import { ARE_BACK, GIVE_BACK } from './scripts.js';
import { FAR, FAR_TIMING } from './timing.js';

/** What a lab has on one machine. */
export interface Share {
  readonly machine: FarMachine;
  readonly nodes: readonly string[];
  readonly ports: readonly PlacedPort[];
  /** Addresses to which the way must be spared. */
  readonly ways: readonly string[];
}

/** How a lab is called on its machines. */
export interface LabNames {
  /** The beginning of its namespaces. */
  readonly prefix: string;
  /** Its folder. */
  readonly folder: string;
}

export const namespaceOf = ({ prefix }: LabNames, node: string): string => `${prefix}${node}`;

const script = (text: string, ...args: readonly string[]): readonly string[] => [
  'sh',
  '-c',
  text,
  'everyleaf',
  ...args,
];

/** Why a port cannot be used for tests; null where it can. */
export function refusal({ name, mac, master, addresses }: PortFacts, management: readonly string[]): string | null {
  if (management.includes(name))
    return `${name} carries the way to this machine or to another one: it can never be a port for tests`;
  if (mac === null) return `it has no port ${name}`;
  if (master !== null) return `${name} is a member of ${master}: take it out, or bind a port that nobody uses`;
  if (addresses.length > 0)
    return `${name} has the address ${addresses.join(', ')}: remove it, or bind a port that nobody uses`;
  return null;
}

/**
 * Looks at a machine, until no former lab holds its ports any more. Throws SshError for ports that cannot be used, and
 * where another lab has them.
 */
export async function lookUntilFree({ machine, ports, ways }: Share): Promise<MachineFacts> {
  const names = ports.map(({ port }) => port);
  const begun = performance.now();
  for (;;) {
    const facts = await lookAt(machine, names, ways);
    const missing = facts.ports.filter(({ mac }) => mac === null).map(({ name }) => name);
    const held = missing.length > 0 && facts.labs.length > 0;
    if (held && performance.now() - begun < FAR.handedBack) {
      await wait(FAR.handedBackLook);
      continue;
    }
    if (held)
      throw new SshError(
        machine.name,
        `${missing.join(' and ')} is used by another lab (${facts.labs.join(', ')})`,
        'wait until it has ended; one that was killed gives its ports back by itself',
      );
    for (const port of facts.ports) {
      const why = refusal(port, facts.management);
      if (why !== null) throw new SshError(machine.name, why, 'correct the ports in the binding');
    }
    return facts;
  }
}

/** What a guard needs, so that the machine is as it was. */
export function giveBack(
  { ports }: Share,
  names: LabNames,
  facts: MachineFacts,
): Pick<GuardOptions, 'undo' | 'witness'> {
  const stateOf = (name: string) => (facts.ports.find((port) => port.name === name)?.isOpen === true ? 'up' : 'down');
  const held = ports.flatMap(({ node, port }) => [namespaceOf(names, node), port, stateOf(port)]);
  return {
    undo: [{ argv: script(GIVE_BACK, names.prefix, names.folder, ...held) }],
    witness: script(ARE_BACK, ...ports.map(({ port }) => port)),
  };
}

/** The same for the journal, one command after another: what `repair` runs when the guard is dead, too. */
export function undoOf({ nodes, ports }: Share, names: LabNames, facts: MachineFacts): string[][] {
  return [
    ...ports.flatMap(({ node, port }) => {
      const wasUp = facts.ports.find(({ name }) => name === port)?.isOpen === true;
      const back = ['ip', '-n', namespaceOf(names, node), 'link', 'set', 'dev', port, 'netns', '1'];
      return wasUp ? [back, ['ip', 'link', 'set', 'dev', port, 'up']] : [back];
    }),
    ...nodes.map((node) => ['ip', 'netns', 'del', namespaceOf(names, node)]),
    ['rm', '-rf', names.folder],
  ];
}

/** Makes the nodes of one machine, silent from the start, with the links of VMs, and takes the ports: one script. */
export async function wireShare({ machine, nodes, ports }: Share, names: LabNames, topology: Topology): Promise<void> {
  const of = (node: string) => namespaceOf(names, node);
  // Legs are cables between machines; the links of VMs are on the host's.
  const ofVms = { ...topology, legs: [] };
  const inside = wiredLinks(ofVms).filter(({ a }) => nodes.includes(a.node));
  const silence = Object.entries(SILENT_DEFAULTS).map(([path, value]) => `echo ${value} >/proc/sys/${path}`);
  const up = (node: string, port: string) => ['ip', '-n', of(node), 'link', 'set', 'dev', port, 'up'];
  const commands: readonly (readonly string[])[] = [
    ...nodes.flatMap((node) => [
      ['mkdir', '-p', '-m', '700', names.folder, `${names.folder}/${node}`],
      ['ip', 'netns', 'add', of(node)],
      ['ip', 'netns', 'exec', of(node), 'sh', '-ec', silence.join('; ')],
      up(node, 'lo'),
    ]),
    ...(inside.length === 0 ? [] : linkLines(ofVms, of).map((line) => ['ip', ...line.split(' ')])),
    ...inside.flatMap(({ a, b }) => [a, b].map(({ node, port }) => up(node, port))),
    ...ports.flatMap(({ node, port }) => [['ip', 'link', 'set', 'dev', port, 'netns', of(node)], up(node, port)]),
  ];
  const argv = ['sh', '-ec', commands.map(shellCommand).join('\n')];
  const { code, stderr } = await machine.run({ argv, asRoot: true }, FAR_TIMING.command);
  if (code !== 0)
    throw new TestbedError(
      `on ${machine.name}: ${ports.map(({ port }) => port).join(' and ')} could not be taken into namespaces of the lab: ${stderr.trim() || `code ${code}`}`,
    );
}

/** Throws TestbedError where a machine is not as it was before the lab. */
export async function requireAsBefore(
  { machine, ports, ways }: Share,
  names: LabNames,
  before: MachineFacts,
): Promise<void> {
  const after = await lookAt(
    machine,
    ports.map(({ port }) => port),
    ways,
  );
  const differ = before.ports.flatMap((was) => {
    const is = after.ports.find(({ name }) => name === was.name);
    return JSON.stringify(is) === JSON.stringify(was)
      ? []
      : [`${was.name} was ${JSON.stringify(was)} and is ${JSON.stringify(is)}`];
  });
  const left = after.labs.filter((lab) => lab.startsWith(names.prefix));
  if (differ.length + left.length > 0)
    throw new TestbedError(
      `${machine.name} is not as it was: ${[...differ, ...left.map((lab) => `namespace ${lab}`)].join('; ')}`,
    );
}
