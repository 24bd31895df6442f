import { edge } from './edge.js';
import { takeSteps } from './steps.js';
import type { FaultVerb } from './types.js';

export const killReplicator: FaultVerb = {
  name: 'killReplicator',
  undoName: 'restartReplicator',
  title: 'the replicator is dead',
  undoTitle: 'the replicator runs again',
  whatATechnicianSees:
    "The replicator's process is gone without a word, and so is what it had made: the host's switch was restarted while nobody watched it. The bond alone decides which leaf gets a frame.",
  bondLeaves: 'never',
  changes: ({ lab }) => ({
    begin: [
      { type: 'daemon', what: 'replicator', node: lab.topology.host.node, state: 'down', verb: 'killReplicator' },
    ],
    end: [{ type: 'daemon', what: 'replicator', node: lab.topology.host.node, state: 'up', verb: 'restartReplicator' }],
  }),
  begin: ({ lab, plane, replicator }) =>
    edge(lab, async () => {
      if (replicator === null) throw new RangeError('this replicator was not installed such that it can be killed');
      await replicator.kill();
      // What it told the switch outlives it, but not the switch.
      if (plane.restart.ok) await takeSteps({ lab }, plane.restart.use.steps);
    }),
  end: ({ lab, replicator }) => edge(lab, async () => replicator?.start()),
};
