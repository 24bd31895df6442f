import { LackError } from '../../testbed/capability.js';
import { buildFrame } from '../../wire/build.js';
import type { KindId } from '../../wire/kinds.js';
import { letSpeak, type Window } from '../window.js';

/** What is behind the VTEP of a host. */
export interface Tenants {
  /**
   * A tenant sends frames of each kind; the host's kernel takes them to the other VTEP in packets of its own, which its
   * witness sees leave. Throws LackError on a data plane without tenants.
   * @param copies frames of each kind, in as many flows
   */
  tenantsSay(kinds: readonly KindId[], options?: { readonly copies?: number }): Promise<void>;
}

/** Inside of the tunnel, in a network that is nobody's outside of it. */
const TENANT = {
  sourceMac: '0e:00:00:00:00:01',
  sourceIpv4: '198.51.100.201',
  sourceIpv6: '2001:db8:7e::201',
  gatewayMac: '0e:00:00:00:00:02',
  gatewayIpv4: '198.51.100.202',
  gatewayIpv6: '2001:db8:7e::202',
};

export function tenantsOf(window: Window): Tenants {
  const { lab, plane, salt } = window;
  let number = 0;
  return {
    async tenantsSay(kinds, { copies = 1 } = {}) {
      const { tenant } = plane;
      if (tenant?.ok !== true)
        throw new LackError([
          tenant?.lack ?? {
            what: 'tenants behind the host',
            command: `everyleaf run --data-plane ${plane.traits.kind}`,
            output: 'it has none',
          },
        ]);
      letSpeak(window, [lab.topology.host.node]);
      await tenant.use(
        kinds.flatMap((kind) =>
          Array.from({ length: copies }, () => {
            number++;
            // Another salt: what leaves is the host's frame, and named by its content like all that stacks make.
            return buildFrame(kind, { ...TENANT, variation: number, salt: (salt ^ 1) >>> 0, id: number });
          }),
        ),
      );
    },
  };
}
