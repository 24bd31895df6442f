import { SshError } from '../../../ssh/error.js';
import { lookAt, type MachineFacts } from '../facts.js';
import type { Share } from '../wiring.js';

/** Why a port can be neither sent to nor captured; null where it can. It may be a member of a bond, and have addresses. */
export function installedRefusal(port: MachineFacts['ports'][number], management: readonly string[]): string | null {
  if (management.includes(port.name))
    return `${port.name} carries the way to this machine or to another one: it can never be a port for tests`;
  return port.mac === null ? `it has no port ${port.name}` : null;
}

/** Looks at a machine whose ports stay where they are. Throws SshError for ones that cannot be used. */
export async function lookInstalled({ machine, ports, ways }: Share): Promise<MachineFacts> {
  const facts = await lookAt(
    machine,
    ports.map(({ port }) => port),
    ways,
  );
  for (const port of facts.ports) {
    const why = installedRefusal(port, facts.management);
    if (why !== null) throw new SshError(machine.name, why, 'correct the ports in the binding');
  }
  return facts;
}
