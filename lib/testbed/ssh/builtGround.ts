import { labPorts } from '../../lab/ports.js';
import type { Binding } from '../../binding/schema.js';
import type { Ground } from './ground.js';
import { bindTopology } from './placement.js';
import { lookUntilFree, namespaceOf, requireAsBefore, wireShare } from './wiring.js';

/** Bare machines: ports are taken into namespaces, where the lab builds its switches. */
export function builtGround(binding: Binding): Ground {
  return {
    look: lookUntilFree,
    bind: (topology, facts) =>
      Promise.resolve(
        bindTopology(topology, binding, (machine, port) => {
          const mac = facts.get(machine)?.ports.find(({ name }) => name === port)?.mac;
          return mac ?? '';
        }),
      ),
    enter: (names, node) => ['ip', 'netns', 'exec', namespaceOf(names, node)],
    absent: () => null,
    taken: (share) => share,
    make: wireShare,
    endsProcesses: true,
    takesCarriers: true,
    node: (node) => node,
    ports: labPorts,
    awaited: ({ links }) => links.flatMap(({ a, b }) => [a, b]),
    refuses: () => null,
    requireAsBefore,
  };
}
