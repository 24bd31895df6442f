import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { ADDRESSED_KINDS, ARP_KINDS, ND_KINDS } from '../kinds.js';

// Two VMs of one host find each other through its switch. Flows that only copy to the uplinks break this.
scenario(
  'what VMs on one host say to each other and to all is heard there, as it is without a replicator',
  {
    catches: ['leaves-only', 'answers-to-leaves-only', 'drops-tcp', 'lose-on-host', 'double-on-host'],
    finds: { 'drops-tcp': ['missing-on-host'] },
  },
  async (trial) => {
    const sent = await trial.sendOnHost([...ARP_KINDS, ...ND_KINDS]);
    if (sent === null) return;
    // Both forms of each.
    await trial.sendOnHost(ADDRESSED_KINDS, { copies: 2 });
    const verdict = await trial.judge();
    expect(verdict).toPass();
  },
);
