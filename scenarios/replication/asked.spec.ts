import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';

/*
 * A server on which nothing can be sent: its own kernel, and those of its VMs, are made to speak by the leaves.
 *
 *     host, VMs ──── bond + replicator ──── leaf-a   asks from its gateway's address, and from a spare one
 *                                      └─── leaf-b   the same
 */
const SPEAKERS = ['host', 'vm1', 'vm2'];

for (const [title, forLong, duration] of [
  ['what leaves make the kernels of host and VMs say reaches every leaf', false, 'short'],
  ['what kernels ask once more after a minute reaches every leaf', true, 'minutes'],
] as const)
  scenario(title, { catches: [], witnesses: SPEAKERS, onlyAsks: true, duration }, async (trial) => {
    const made = await trial.makeKernelsSpeak({ forLong });
    const verdict = await trial.judge();
    // Each that somebody can watch: of one that sent nothing at all, nothing was shown.
    for (const [sender, kinds] of made) {
      for (const kind of kinds) expect(verdict.madeByStacks(sender)).toInclude(kind);
      expect(verdict.madeByStacks(sender)).toReachEveryLeafOnce();
    }
    expect(verdict.madeByStacks()).toReachEveryLeafOnce();
  });
