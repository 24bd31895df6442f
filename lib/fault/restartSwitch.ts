import type { OvsSwitch } from '../dataplane/ovs/switch.js';
import { edge } from './edge.js';
import type { FaultVerb } from './types.js';

/** Waits until ovs-vswitchd has made every port of its configuration: a change waits for all of it (ovs-vsctl(8), --no-wait). */
export async function awaitSwitch(ovs: OvsSwitch): Promise<void> {
  await ovs.vsctl(['set', 'open_vswitch', '.', 'external_ids:seen=restarted']);
}

export const restartSwitch: FaultVerb = {
  name: 'restartSwitch',
  undoName: 'settleSwitch',
  title: "the host's switch was restarted",
  undoTitle: "the host's switch carries frames again",
  whatATechnicianSees: 'ovs-vswitchd was killed and started again: nothing leaves the host for the moment, then its flows, groups and MAC table are empty. Ports, bond and VLANs are as before.',
  bondLeaves: 'never',
  changes: ({ lab }) => ({
    begin: [{ type: 'daemon', what: 'switch', node: lab.topology.host.node, state: 'down', verb: 'restartSwitch' }],
    end: [{ type: 'daemon', what: 'switch', node: lab.topology.host.node, state: 'up', verb: 'settleSwitch' }],
  }),
  begin: ({ lab, host }) => edge(lab, () => host.ovs.restartDaemon()),
  end: ({ lab, host }) => edge(lab, () => awaitSwitch(host.ovs)),
};
