import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { ARP_KINDS, ND_KINDS } from '../kinds.js';

// A switch that forwards its own way to its controller does so by flows that the controller never sees.
scenario(
  'what the host itself says takes no way of its own for the sake of the switch that has a controller',
  { catches: ['in-band', 'lose-on-one-leg'], controller: true, once: true },
  async (trial) => {
    const probes = await trial.send([...ARP_KINDS, ...ND_KINDS], { from: ['host'] });
    const verdict = await trial.judge();
    expect(verdict.of(probes, 'frames of the host')).toReachEveryLeafOnce();
  },
);
