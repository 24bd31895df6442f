import { ARP_KINDS, expect, ND_KINDS, scenario } from 'everyleaf';
import { shrinkMtu } from '../shrinkMtu.js';

scenario(
  'every neighbor frame reaches every leaf, also when a leaf has dropped big frames',
  { catches: ['forgets-nd', 'lose-requests', 'lose-on-one-leg', 'double'] },
  async (trial) => {
    const from = ['host', 'vm1', 'vm2'];
    const before = await trial.send([...ARP_KINDS, ...ND_KINDS], { from });
    const shrunk = await trial.inflict(shrinkMtu, 'leg-a', { bytes: 500 });
    await trial.send(ARP_KINDS, { from, group: 'shrunk' });
    await shrunk?.repair();
    const after = await trial.send(ND_KINDS, { from, group: 'repaired' });
    const verdict = await trial.judge();
    expect(verdict.of(before, 'neighbor frames')).toReachEveryLeafOnce();
    expect(verdict.of(after, 'ND frames behind the repair')).toFollowTheTimeline();
  },
);
