import { readPorts } from '../../replicator/ovs/ports.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import type { OvsMutant } from './types.js';

const common = { profile: ovsGroup, on: OVS_PLANES, mustFind: ['missing'] } as const;

/** Like flows that a script writes once, when the host boots. */
export const portsOfBefore: OvsMutant = {
  ...common,
  name: 'ports-of-before',
  description: 'It serves the ports that were there when it was installed, and none that come later.',
  async install({ plane }) {
    const before = new Set((await readPorts(plane.ovs)).map(({ name }) => name));
    return reconcile(plane, { ...RIGHT, senders: ({ name }) => before.has(name) });
  },
};

/** Like an allow-list of VLANs that nobody extends. */
export const vlansOfBefore: OvsMutant = {
  ...common,
  name: 'vlans-of-before',
  description: 'It serves ports that come later only where each of their VLANs was there when it was installed.',
  async install({ plane }) {
    const vlans = ({ tag, trunks }: Awaited<ReturnType<typeof readPorts>>[number]) => [
      ...(tag === null ? [] : [tag]),
      ...trunks,
    ];
    const before = new Set((await readPorts(plane.ovs)).flatMap(vlans));
    return reconcile(plane, { ...RIGHT, senders: (port) => vlans(port).every((vlan) => before.has(vlan)) });
  },
};
