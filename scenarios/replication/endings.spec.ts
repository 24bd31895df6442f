import { expect } from '../../lib/trial/matchers.js';
import { DURATIONS } from '../../lib/durations.js';
import { scenario } from '../../lib/runner/scenario.js';
import { everyKindOnce } from '../faults/throughout.js';

/** Everything but the wait: as the usual limit of a trial. */
const REST_MS = 240_000;

// A flow with a timeout is right for as long as any short experiment lasts.
scenario(
  'once all has ended that ends by itself, such as flows with a timeout, every kind goes where it must',
  { catches: ['ends-soon', 'lose-nd'], once: true, timeoutMs: DURATIONS.endings + REST_MS },
  async (trial) => {
    await trial.allHasEnded();
    const after = await everyKindOnce(trial, 'after the end of what ends by itself');
    const verdict = await trial.judge();
    expect(verdict.of(after, 'frames')).toReachEveryLeafOnce();
  },
);
