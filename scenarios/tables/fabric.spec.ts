import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';

// In an active-backup bond the backup leg delivers nothing: a leaf that announces routes over it would attract packets
// that are dropped.
scenario(
  'a client behind the spine loses nothing while tables age, and a leaf that was gone has every host route again',
  {
    catches: ['off', 'lose-on-one-leg'],
    finds: { off: ['traffic-lost', 'route-missing'], 'lose-on-one-leg': ['traffic-lost', 'route-missing'] },
    topology: 'fabric.yaml',
    needs: ['hears', 'cut'],
    witnesses: ['host', 'vm1', 'vm2'],
    duration: 'seconds',
    // A fabric starts twice, and a leaf goes down and comes back within 100 s; on a busy machine 150 s were not enough.
    timeoutMs: 450_000,
  },
  async (trial) => {
    const fabric = await trial.openFabric();
    if (fabric === null) return;
    await fabric.age();
    await fabric.leafDown('leaf-a');
    await fabric.leafUp('leaf-a');
    await fabric.age();
    await fabric.close();
    const verdict = await trial.judge();
    expect(verdict.madeByStacks()).toInclude('arp-reply-unicast');
    expect(verdict).toPass();
  },
);
