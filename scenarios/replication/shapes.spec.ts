import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';

scenario(
  'neighbor frames of every shape reach every leaf: long, link-local, of a second MAC or address, for others, to others than the gateway, of any priority',
  {
    catches: [
      'gateway-only',
      'own-mac-only',
      'own-ip-only',
      'local-macs-only',
      'global-only',
      'fixed-priority',
      'unmarked-only',
      'with-mac-only',
      'lose-on-one-leg',
    ],
  },
  async (trial) => {
    const probes = await trial.sendShapes();
    const verdict = await trial.judge();
    expect(verdict.of(probes, 'neighbor frames')).toReachEveryLeafOnce();
  },
);
