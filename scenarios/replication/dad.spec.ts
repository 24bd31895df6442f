import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';

scenario(
  'a VM that runs duplicate address detection is heard by every leaf and keeps its address',
  { catches: ['off', 'arp-only', 'lose-nd'], witnesses: ['vm1', 'vm2'] },
  async (trial) => {
    const found = await Promise.all([
      trial.detectDuplicates('vm1', '2001:db8:20::d:a', { nonce: true }),
      trial.detectDuplicates('vm2', '2001:db8:20::d:b', { nonce: false }),
    ]);
    const verdict = await trial.judge();
    expect(found, 'the kernel found no duplicate of its own address').not.toContain('duplicate');
    expect(found).toHaveFinished();
    expect(verdict.madeByStacks()).toInclude('ns-dad-nonce');
    expect(verdict.madeByStacks()).toInclude('ns-dad');
    expect(verdict.madeByStacks()).toReachEveryLeafOnce();
  },
);
