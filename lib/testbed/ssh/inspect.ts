import type { Binding } from '../../binding/schema.js';
import { SshError } from '../../ssh/error.js';
import { together } from '../../ssh/together.js';
import { UserError } from '../../userError.js';
import { lookAt, tryTools, type FoundSender, type MachineFacts } from './facts.js';
import { installedRefusal } from './installed/look.js';
import type { FarMachine } from './machine.js';
import type { Placement } from './placement.js';
import { inspectPlaces, placesOf } from './vantagePlaces.js';
import { refusal, type Share } from './wiring.js';

/** The machines on which a binding has nodes, logged in to; and where the nodes are. */
export interface Inhabited {
  readonly machines: readonly FarMachine[];
  /** Machines without nodes, where leaves are captured or counters are read: nothing is changed there. */
  readonly watching: readonly FarMachine[];
  readonly wanted: Placement;
  /** Addresses to which the way must be spared. */
  readonly ways: readonly string[];
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

/** What a lab has on one machine. */
export function shareOf(machine: FarMachine, { nodes, ports }: Placement, others: readonly string[]): Share {
  return {
    machine,
    nodes: nodes.filter((one) => one.machine === machine.name).map(({ node }) => node),
    ports: ports.filter((one) => one.machine === machine.name),
    ways: others,
  };
}

/**
 * Looks at machines that are logged in to, and changes nothing. Throws SshError and UserError, in one sentence with the
 * machine, where they cannot carry labs.
 *
 * @param file the binding's, for errors
 * @returns by the machine's name, what it sends with
 */
export async function inspect(
  { machines, watching, wanted, ways }: Inhabited,
  { binding, file }: { readonly binding: Binding; readonly file: string },
): Promise<ReadonlyMap<string, FoundSender>> {
  const isBuilt = binding.switches === 'built';
  const facts = new Map<string, MachineFacts>();
  const senders = new Map<string, FoundSender>();
  const looked = await Promise.all(
    machines.map(async (machine) => {
      const share = shareOf(machine, wanted, ways);
      const names = share.ports.map(({ port }) => port);
      const [sender, found] = await together(tryTools(machine), lookAt(machine, names, share.ways));
      return { machine, sender, found };
    }),
  );
  for (const { machine, sender, found } of looked) {
    // A port that another lab has is waited for when a lab is opened.
    for (const port of found.ports) {
      const isHeld = port.mac === null && found.labs.length > 0;
      const why = isHeld ? null : (isBuilt ? refusal : installedRefusal)(port, found.management);
      if (why !== null) throw new UserError(`${machine.name}: ${why}`, `correct the ports in ${file}`);
    }
    facts.set(machine.name, found);
    senders.set(machine.name, sender);
  }
  requireDifferent(facts);
  await inspectPlaces([...machines, ...watching], placesOf(binding), { ways, file });
  const host = senders.get(binding.host.machine);
  // Of one that is as it is, that is a lack of what needs it.
  if (isBuilt && host !== undefined && 'output' in host)
    throw new SshError(
      binding.host.machine,
      `nothing there can send frames: ${host.output}`,
      'install python3, perl or socat',
    );
  return senders;
}
