import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { ND_KINDS } from '../kinds.js';

scenario(
  'every NS and NA form of the host and its VMs reaches every leaf',
  {
    catches: [
      'arp-only',
      'firewall-forgets-nd',
      'requests-only',
      'broadcast-only',
      'rewrites-nonce',
      'skewed',
      'skew',
      'lose-nd',
      'lose-replies',
      'alter-nonce',
      'bypass-to-one-leg',
      'send-again-on-one-leg',
    ],
    lingers: true,
  },
  async (trial) => {
    const probes = await trial.send(ND_KINDS, { from: ['host', 'vm1', 'vm2'] });
    const verdict = await trial.judge();
    expect(verdict.of(probes, 'ND frames')).toReachEveryLeafOnce();
  },
);
