import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { ARP_KINDS, ND_KINDS } from '../kinds.js';

// A VM that is started on the host, or moves there, finds a replicator that was set up before it.
scenario(
  'VMs that come to the host after the replicator are heard by every leaf, in VLANs that no VM had before',
  { catches: ['ports-of-before', 'vlans-of-before', 'lose-nd'], vmsArrive: true, once: true, witnesses: ['vm2'] },
  async (trial) => {
    const come = await trial.vmsArrive();
    await trial.announce('vm2');
    const probes = await trial.send([...ARP_KINDS, ...ND_KINDS], { from: ['vm1', ...come], copies: 1 });
    const verdict = await trial.judge();
    expect(verdict.madeByStacks('vm2')).toInclude('arp-announcement');
    expect(verdict.madeByStacks('vm2')).toReachEveryLeafOnce();
    expect(verdict.of(probes, 'frames of all VMs')).toReachEveryLeafOnce();
  },
);
