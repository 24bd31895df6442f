import { lacking, offer } from '../testbed/capability.js';
import { LONGEST_CHANGE_MS } from '../testbed/change.js';
import { inTurn } from './changes.js';
import type { Fault, NoArguments } from './fault.js';

export const killReplicator: Fault<NoArguments> = {
  name: 'killReplicator',
  undoName: 'restartReplicator',
  title: 'the replicator is dead',
  undoTitle: 'the replicator runs again',
  pastTense: 'killed',
  whatATechnicianSees:
    "The replicator's process is gone without a message, and so is its configuration: the host's switch was restarted while nothing watched it. The bond alone decides which leaf gets a frame.",
  bond: 'does not react',
  waitsFor: 'bond and replicator',
  defaults: {},
  plan({ lab, plane, replicator }) {
    if (lab.isAsFound === true)
      return (
        lab.killsReplicator ??
        lacking({
          what: 'a replicator that may be killed',
          command: 'everyleaf run --binding FILE',
          output: 'it is installed, and the binding does not say how it is killed and started: host.replicator.killing',
        })
      );
    const kill = {
      name: 'the replicator is killed',
      steps: [{ what: 'the replicator to die', run: () => replicator.kill() }],
      undo: [{ what: 'the replicator to start', run: () => replicator.start() }],
      maxMs: LONGEST_CHANGE_MS,
    };
    // Its configuration in the switch outlives the replicator, but not the switch.
    return offer(inTurn(kill.name, plane.restart.ok ? [kill, plane.restart.use] : [kill]));
  },
  effects: ({ lab }) => ({
    begin: [{ type: 'daemon', what: 'replicator', node: lab.topology.host.node, state: 'down' }],
    end: [{ type: 'daemon', what: 'replicator', node: lab.topology.host.node, state: 'up' }],
  }),
};
