import { lacking, offer } from '../testbed/capability.js';
import { LONGEST_CHANGE_MS } from '../testbed/change.js';
import type { Fault, NoArguments } from './fault.js';

export const killController: Fault<NoArguments> = {
  name: 'killController',
  undoName: 'restartController',
  title: 'the controller is dead',
  undoTitle: 'the controller runs again',
  pastTense: 'killed',
  whatATechnicianSees:
    "The process that installs flows is gone without a message; the host's switch is not touched. What was installed must go on, however long that lasts.",
  bond: 'does not react',
  waitsFor: 'bond and replicator',
  defaults: {},
  plan({ replicator }) {
    if (replicator.controller !== true)
      return lacking({
        what: 'a controller',
        command: 'everyleaf run --replicator NAME',
        output: 'the replicator under test is none',
      });
    return offer({
      name: 'the controller is killed',
      steps: [{ what: 'the controller to die', run: () => replicator.kill() }],
      undo: [{ what: 'the controller to start', run: () => replicator.start() }],
      maxMs: LONGEST_CHANGE_MS,
    });
  },
  effects: ({ lab }) => ({
    begin: [{ type: 'daemon', what: 'controller', node: lab.topology.host.node, state: 'down' }],
    end: [{ type: 'daemon', what: 'controller', node: lab.topology.host.node, state: 'up' }],
  }),
};
