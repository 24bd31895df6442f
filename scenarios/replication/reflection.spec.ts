import { scenario } from '../../lib/runner/scenario.js';
import { expect } from '../../lib/trial/matchers.js';
import { ADDRESSED_KINDS, ARP_KINDS, LEAF_KINDS, ND_KINDS } from '../kinds.js';

scenario(
  'a frame of one leaf reaches its receiver, and never comes out at another leaf, nor back at its sender',
  {
    catches: [
      'no-in-port',
      'reflects-servers',
      'floods',
      'echoes',
      'relearns',
      'relearns-for-a-moment',
      'drops-inbound-tcp',
      'reflect',
      'echo',
      'move-table',
      'leak-vlan',
      'lose-inbound',
    ],
  },
  async (trial) => {
    for (const leaf of trial.leaves) {
      await trial.sendFromLeaf(leaf, [...ARP_KINDS, ...ND_KINDS], { copies: 1 });
      // Both forms of each.
      await trial.sendFromLeaf(leaf, LEAF_KINDS, { copies: 2 });
      await trial.sendFromLeaf(leaf, ADDRESSED_KINDS, { copies: 2, to: 'each' });
    }
    // A sender's own frames must not come back either: gratuitous ARP and DAD are the harmful ones.
    const own = await trial.send(['garp-request', 'garp-reply', 'ns-dad', 'ns-dad-nonce']);
    const verdict = await trial.judge();
    expect(verdict.of(own, 'gratuitous ARP and DAD frames')).toReachEveryLeafOnce();
    expect(verdict).toPass();
  },
);
