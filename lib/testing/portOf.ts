import type { Plane } from '../dataplane/plane.js';
import type { Offer } from '../testbed/capability.js';
import type { Change } from '../testbed/change.js';

/** How the port of a VM is taken away. Throws where no port can be. */
export function portOf({ withoutPort, traits }: Plane, vm: string): Offer<Change> {
  if (withoutPort === undefined) throw new Error(`ports of ${traits.kind} cannot come and go`);
  return withoutPort(vm);
}
