import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { everyKindOnce } from '../faults/throughout.js';

// At night a VM sends nothing for minutes: what a replicator has learned of it, and idle flows, may be gone by then.
scenario(
  'after two minutes of silence the first frame of each sender goes where it must, and so does every kind',
  { catches: ['expires', 'lose-nd'], duration: 'minutes', once: true },
  async (trial) => {
    const before = await everyKindOnce(trial, 'before the silence');
    const silence = await trial.idle();
    const after = await everyKindOnce(trial, 'after the silence');
    const verdict = await trial.judge();
    expect(verdict.of([...before, ...after], 'frames')).toReachEveryLeafOnce();
    expect(silence).toHaveBeenSilent();
  },
);
