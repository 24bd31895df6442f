import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { ARP_KINDS, ND_KINDS } from '../kinds.js';

scenario(
  'neighbor frames of a trunk VM keep VLAN and priority on every leaf',
  {
    catches: [
      'untagged-only',
      'drops-tag',
      'invents',
      'invents-strangers',
      'lose-tagged',
      'strip-tag',
      'change-priority',
      'invent',
      'invent-stranger',
      'bypass-to-one-leg',
      'send-again-on-one-leg',
    ],
    needs: ['trunk'],
  },
  async (trial) => {
    const probes = await trial.send([...ARP_KINDS, ...ND_KINDS], { from: ['vm3'] });
    const verdict = await trial.judge();
    expect(verdict.of(probes, 'tagged frames')).toReachEveryLeafOnce();
  },
);

scenario(
  'neighbor frames of access VMs in two VLANs have their own tag on every leaf',
  { catches: ['pushes-first-tag', 'strip-tag'], topology: 'two-vlans.yaml' },
  async (trial) => {
    const probes = await trial.send([...ARP_KINDS, ...ND_KINDS], { from: ['vm1', 'vm2', 'vm3'], copies: 1 });
    const verdict = await trial.judge();
    expect(verdict.of(probes, 'tagged frames')).toReachEveryLeafOnce();
  },
);
