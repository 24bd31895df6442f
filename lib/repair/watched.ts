import type { Binding } from '../binding/schema.js';
import { boundPorts } from './allowed.js';

/** What is compared on a machine before and after. */
export interface Watched {
  readonly machine: string;
  readonly ports: readonly string[];
  /** Others whose addresses count: gateways, and what senders send from. */
  readonly interfaces: readonly string[];
  /** The user's own commands, whose output must not change. */
  readonly commands: readonly (readonly string[])[];
}

/** The machines of a binding on which anything may be changed or is compared. */
export function watchedOf(binding: Binding): readonly Watched[] {
  const { host, leaves, senders, sanity } = binding;
  const ports = boundPorts(binding);
  const interfaces = [
    ...Object.values(leaves).map(({ machine, gateway }) => ({ machine, name: gateway?.interface })),
    // What is in a namespace of a sender cannot be seen from outside.
    ...Object.values(senders).map(({ machine = host.machine, netns, interface: name }) => ({
      machine,
      name: netns === undefined ? name : undefined,
    })),
  ];
  const commands = (sanity?.commands ?? []).map(([machine = '', ...argv]) => ({ machine, argv }));
  return Object.keys(binding.machines).flatMap((machine): Watched[] => {
    const watched: Watched = {
      machine,
      ports: [...(ports.get(machine) ?? [])],
      interfaces: [
        ...new Set(interfaces.flatMap((of) => (of.machine === machine && of.name !== undefined ? [of.name] : []))),
      ],
      commands: commands.flatMap((of) => (of.machine === machine ? [of.argv] : [])),
    };
    return watched.ports.length + watched.interfaces.length + watched.commands.length === 0 ? [] : [watched];
  });
}
