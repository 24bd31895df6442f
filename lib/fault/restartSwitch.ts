import { need } from '../testbed/capability.js';
import { edge } from './edge.js';
import { takeSteps } from './steps.js';
import type { FaultVerb } from './types.js';

export const restartSwitch: FaultVerb = {
  name: 'restartSwitch',
  undoName: 'settleSwitch',
  title: "the host's switch was restarted",
  undoTitle: "the host's switch carries frames again",
  whatATechnicianSees:
    'The program that switches was killed and started again: nothing leaves the host for the moment, then its flows, groups and MAC table are empty. Ports, bond and VLANs are as before.',
  bondLeaves: 'never',
  changes: ({ lab }) => ({
    begin: [{ type: 'daemon', what: 'switch', node: lab.topology.host.node, state: 'down', verb: 'restartSwitch' }],
    end: [{ type: 'daemon', what: 'switch', node: lab.topology.host.node, state: 'up', verb: 'settleSwitch' }],
  }),
  lacking: ({ plane }) => Promise.resolve(plane.restart.ok ? null : plane.restart.lack),
  begin: ({ lab, plane }) => edge(lab, () => takeSteps({ lab }, need(plane.restart).steps)),
  // It is running already; what has to come back is what the replicator had made, and the bond.
  end: ({ lab }) => edge(lab, () => Promise.resolve()),
};
