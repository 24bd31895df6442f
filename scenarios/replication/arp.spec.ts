import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { ARP_KINDS } from '../kinds.js';

scenario(
  'every ARP form of the host and its VMs reaches every leaf',
  {
    catches: [
      'off',
      'first-leg-only',
      'group-and-normal',
      'mirror-both-uplinks',
      'storms',
      'unmarked',
      'heard-by-sender',
      'copies-in-front',
      'refresher',
      'requests-only',
      'broadcast-only',
      'slave-source-mac',
      'delayed',
      'repeats',
      'lose-on-one-leg',
      'lose-on-all-but-one',
      'lose-unicast',
      'double',
      'double-some',
      'storm',
      'alter-target',
      'change-source-mac',
      'delay',
      'repeat',
      'skew',
      'bypass-to-one-leg',
      'send-again-on-one-leg',
    ],
    lingers: true,
  },
  async (trial) => {
    const probes = await trial.send(ARP_KINDS, { from: ['host', 'vm1', 'vm2'] });
    const verdict = await trial.judge();
    expect(verdict.of(probes, 'ARP frames')).toReachEveryLeafOnce();
  },
);
