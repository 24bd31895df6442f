import type { Fault, NoArguments } from './fault.js';

export const restartSwitch: Fault<NoArguments> = {
  name: 'restartSwitch',
  undoName: 'settleSwitch',
  title: "the host's switch was restarted",
  undoTitle: "the host's switch carries frames again",
  pastTense: 'restarting',
  whatATechnicianSees:
    'The switch daemon was killed and started again: for a moment nothing leaves the host, then its flows, groups and MAC table are empty. Ports, bond and VLANs are as before.',
  bond: 'does not react',
  waitsFor: 'bond and replicator',
  defaults: {},
  plan: ({ plane }) => plane.restart,
  effects: ({ lab }) => ({
    begin: [{ type: 'daemon', what: 'switch', node: lab.topology.host.node, state: 'down' }],
    end: [{ type: 'daemon', what: 'switch', node: lab.topology.host.node, state: 'up' }],
  }),
};
