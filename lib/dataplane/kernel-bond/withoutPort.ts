import { lacking, offer, type Offer } from '../../testbed/capability.js';
import type { Change } from '../../testbed/change.js';
import type { Topology } from '../../topology/model.js';
import { withoutBridgePort } from '../bridgePort.js';
import { vmVlanLines } from './wiring.js';

/**
 * The port of a VM is not in the bridge above the bond; undone, it is there with its VLANs: the bridge forgets those of
 * a port that leaves, and gives one that comes nothing but its untagged one.
 */
export function withoutPort(topology: Topology, name: string): Offer<Change> {
  const { host, vms } = topology;
  const vm = vms.find(({ node }) => node === name);
  if (vm === undefined)
    return lacking({
      what: `the port of ${name}`,
      command: `bridge link show master ${host.nic}`,
      output: `there are ${vms.map(({ node }) => node).join(', ')}`,
    });
  const input = vmVlanLines(topology, vm).join('\n');
  return offer(
    withoutBridgePort(
      host,
      vm.hostPort,
      input === '' ? [] : [{ node: host.node, argv: ['bridge', '-batch', '-'], input }],
    ),
  );
}
