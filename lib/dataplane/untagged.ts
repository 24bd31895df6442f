import type { Topology } from '../topology/model.js';
import type { PlaneProblem } from '../topology/planeRules.js';

const HINT =
  'leave it out, take --topology topologies/flat.yaml, or choose another data plane: it has one network, without tags';

/** What a data plane without VLANs cannot do with a topology. */
export function checkUntagged(kind: string, { networks, vms }: Topology): readonly PlaneProblem[] {
  return [
    ...networks.flatMap(({ name, vlan }, i) =>
      vlan === null
        ? []
        : [
            {
              path: ['networks', i, 'vlan'],
              text: `network "${name}" has VLAN ${vlan}, which ${kind} cannot tell from others`,
              hint: HINT,
            },
          ],
    ),
    ...vms.flatMap(({ node, attachment: { type } }, i) =>
      type === 'native'
        ? []
        : [
            {
              path: ['vms', i, type],
              text: `VM "${node}" is on a VLAN, and ${kind} has none`,
              hint: 'write native: NETWORK, take --topology topologies/flat.yaml, or choose another data plane',
            },
          ],
    ),
  ];
}
