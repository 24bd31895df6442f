import type { Binding } from '../../binding/schema.js';
import { sshTargets } from '../../binding/targets.js';
import type { BoundTopology } from '../../binding/load.js';
import { SshError } from '../../ssh/error.js';
import { resolveMachine } from '../../ssh/resolve.js';
import { UserError } from '../../userError.js';
import { LackError } from '../capability.js';
import { unmetNeeds } from '../needs.js';
import type { Testbed } from '../testbed.js';
import { lookAt, tryTools, type FoundSender, type MachineFacts } from './facts.js';
import { openFarLab } from './lab.js';
import { openMachine, type FarMachine } from './machine.js';
import { place, type Placement } from './placement.js';
import { FAR_TIMING } from './timing.js';
import { refusal, type Share } from './wiring.js';

/** Throws UserError for what a binding asks for and this testbed cannot do. */
function requireBuilt({ switches = 'installed', leaves }: Binding, file: string): void {
  if (switches !== 'built')
    throw new UserError(
      `${file}: its switches are installed, and everyleaf drives only switches that it builds itself`,
      'say "switches: built" where host and leaves are bare machines; else capture there and use "everyleaf judge"',
    );
  for (const [name, { vantage }] of Object.entries(leaves))
    if (vantage.kind !== 'port' || vantage.at !== undefined)
      throw new UserError(
        `${file}: ${name} is captured at a ${vantage.kind}, and everyleaf captures only on the leaf's own port`,
        'say "vantage: { kind: port }"; else capture there and use "everyleaf judge"',
      );
}

/** Throws UserError where two names mean one machine, as the machines themselves say. */
function requireDifferent(facts: ReadonlyMap<string, MachineFacts>): void {
  const first = new Map<string, string>();
  for (const [name, { identity }] of facts) {
    const other = first.get(identity);
    if (other !== undefined)
      throw new UserError(
        `${other} and ${name} are one machine: "cat /proc/sys/kernel/random/boot_id" says the same on both`,
      );
    first.set(identity, name);
  }
}

function shareOf(machine: FarMachine, { nodes, ports }: Placement, others: readonly string[]): Share {
  return {
    machine,
    nodes: nodes.filter((one) => one.machine === machine.name).map(({ node }) => node),
    ports: ports.filter((one) => one.machine === machine.name),
    ways: others,
  };
}

/**
 * Labs on the machines of a binding: they are logged in to and looked at, and nothing is changed until a lab is opened.
 *
 * @param file the binding's, for errors
 * @throws SshError and UserError, in one sentence with the machine
 */
export async function openSshTestbed(
  { binding, topology: bound, folder }: BoundTopology,
  file: string,
): Promise<Testbed> {
  requireBuilt(binding, file);
  const wanted = place(bound, binding, file);
  if ('what' in wanted) throw new LackError([wanted]);
  const targets = sshTargets(binding, { folder, environment: process.env, ask: null });
  const names = [...new Set(wanted.nodes.map(({ machine }) => machine))];
  const resolved = await Promise.all(
    names.map((name) => {
      const target = targets.get(name);
      if (target === undefined) throw new UserError(`${file}: there is no machine "${name}"`);
      return resolveMachine(target);
    }),
  );
  const machines: FarMachine[] = [];
  const close = async () => {
    await Promise.all(machines.map((machine) => machine[Symbol.asyncDispose]()));
  };
  try {
    const opened = await Promise.allSettled(resolved.map(openMachine));
    for (const one of opened) if (one.status === 'fulfilled') machines.push(one.value);
    for (const one of opened) if (one.status === 'rejected') throw one.reason;
    const hosts = resolved.map(({ host }) => host);
    const facts = new Map<string, MachineFacts>();
    const senders = new Map<string, FoundSender>();
    const looked = await Promise.all(
      machines.map(async (machine) => {
        const { ports, ways } = shareOf(machine, wanted, hosts);
        const sender = await tryTools(machine);
        const names = ports.map(({ port }) => port);
        return { machine, sender, found: await lookAt(machine, names, ways) };
      }),
    );
    for (const { machine, sender, found } of looked) {
      // A port that another lab has is waited for when a lab is opened.
      for (const port of found.ports) {
        const why = port.mac === null && found.labs.length > 0 ? null : refusal(port, found.management);
        if (why !== null) throw new UserError(`${machine.name}: ${why}`, `correct the ports in ${file}`);
      }
      facts.set(machine.name, found);
      senders.set(machine.name, sender);
    }
    requireDifferent(facts);
    const host = senders.get(binding.host.machine);
    if (host !== undefined && 'output' in host)
      throw new SshError(
        binding.host.machine,
        `nothing there can send frames: ${host.output}`,
        'install python3, perl or socat',
      );
    return {
      name: 'ssh',
      timing: FAR_TIMING,
      freshness: 'new',
      async open({ topology, needs = [] }) {
        const placement = place(topology, binding, file);
        if ('what' in placement) throw new LackError([placement]);
        const shares = new Map(machines.map((machine) => [machine.name, shareOf(machine, placement, hosts)]));
        const lab = await openFarLab({ topology, binding, shares, senders });
        const lacks = await unmetNeeds(lab, needs);
        if (lacks.length === 0) return lab;
        await lab[Symbol.asyncDispose]();
        throw new LackError(lacks);
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
