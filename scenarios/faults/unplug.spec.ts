import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { ARP_KINDS, ND_KINDS } from '../kinds.js';

const KINDS = [...ARP_KINDS, ...ND_KINDS, 'data-udp', 'data-tcp'] as const;

scenario(
  'with one leg out, every neighbor frame reaches each remaining leaf once, and after the plug every leaf again',
  { catches: ['off', 'stale-liveness', 'lose-on-one-leg', 'send-to-dead-leg'], legsDie: true, faults: ['unplug'] },
  async (trial) => {
    const probes = [];
    for (const leg of trial.legs) {
      probes.push(...(await trial.send(KINDS, { copies: 1, group: `before ${leg} is out` })));
      await trial.unplug(leg);
      probes.push(...(await trial.send(KINDS, { copies: 1, group: `${leg} out` })));
      await trial.plug(leg);
      probes.push(...(await trial.send(KINDS, { copies: 1, group: `${leg} back` })));
    }
    const verdict = await trial.judge();
    expect(verdict.of(probes)).toFollowTheTimeline();
  },
);
