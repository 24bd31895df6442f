import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';

scenario(
  'each leaf keeps every neighbor over five ageing periods on the answers to probes alone',
  {
    catches: ['off', 'refresher', 'arp-only', 'lose-on-one-leg', 'lose-nd'],
    finds: {
      off: ['table-lost'],
      'arp-only': ['table-lost'],
      'lose-on-one-leg': ['table-lost'],
      'lose-nd': ['table-lost'],
    },
    duration: 'seconds',
    witnesses: ['host', 'vm1', 'vm2'],
  },
  async (trial) => {
    await trial.ageTables();
    const verdict = await trial.judge();
    const answers = verdict.madeByStacks();
    expect(answers).toInclude('arp-reply-unicast');
    expect(answers).toInclude('na-solicited');
    expect(answers).toReachEveryLeafOnce();
    expect(verdict).toPass();
  },
);
