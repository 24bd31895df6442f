import type { AuditFact } from '../evidence/types.js';
import type { Node } from '../testbed/node.js';
import type { InstallContext } from './types.js';

/** Ports of one machine, one for each leg: what leaves on one of them is due on the others. */
export interface ExitPorts {
  readonly node: Node;
  /** All of them, in the order of the legs. */
  readonly ports: readonly string[];
  /** Those of legs that the bond uses now. */
  readonly live: () => Promise<readonly string[]>;
  /** The name of a fact of it: with its machine, where there are several. */
  readonly named: (fact: AuditFact) => AuditFact;
}

/** Where the copies of a replicator are made: at the host's ends of the legs, unless the plane has them elsewhere. */
export function exitsOf({ lab, plane }: InstallContext): readonly ExitPorts[] {
  const { host, legs } = lab.topology;
  const own = { node: host.node, ports: new Map(legs.map(({ name, hostPort }) => [name, hostPort])) };
  return (plane.exits ?? [own]).map(({ node, ports }) => ({
    node: lab.node(node),
    ports: legs.flatMap(({ name }) => ports.get(name) ?? []),
    live: async () => {
      const enabled = (await plane.members()).filter((member) => member.enabled).map(({ leg }) => leg);
      return legs.filter(({ name }) => enabled.includes(name)).flatMap(({ name }) => ports.get(name) ?? []);
    },
    named: (fact) => (plane.exits === undefined ? fact : { ...fact, name: `${fact.name} of ${node}` }),
  }));
}
