import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { everyKindOnce } from '../faults/throughout.js';

/** As long as what ends by itself is waited for at most, and the usual limit of a trial. */
const LONGEST_MS = 310_000 + 240_000;

// A flow with a timeout is right for as long as any short experiment lasts.
scenario(
  'once all has ended that ends by itself, such as flows with a timeout, every kind goes where it must',
  { catches: ['ends-soon', 'lose-nd'], once: true, timeoutMs: LONGEST_MS },
  async (trial) => {
    await trial.allHasEnded();
    const after = await everyKindOnce(trial, 'after the end of what ends by itself');
    const verdict = await trial.judge();
    expect(verdict.of(after, 'frames')).toReachEveryLeafOnce();
  },
);
