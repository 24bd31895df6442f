import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { ARP_KINDS, ND_KINDS } from '../kinds.js';

const NEIGHBOR_KINDS = [...ARP_KINDS, ...ND_KINDS];

// Twenty VMs that start at once; also where there is little time.
scenario(
  'none of 2,000 neighbor frames in a few seconds is lost or doubled',
  { catches: ['meters', 'police'], once: true },
  async (trial) => {
    const many = await trial.storm({ kinds: NEIGHBOR_KINDS, frames: 2_000, rate: 1_000, from: ['vm1', 'vm2'] });
    const verdict = await trial.judge();
    expect(verdict.of(many, 'neighbor frames')).toReachEveryLeafOnce();
  },
);

// A rack of VMs that starts, or a leaf that asks for all of them: rates that storm control must let through.
scenario(
  'none of 3,000 neighbor frames at up to 1,000 a second is lost or doubled, nor any that comes after them',
  { catches: ['meters', 'police', 'bypass-to-one-leg'], duration: 'seconds' },
  async (trial) => {
    const many = await trial.storm({ kinds: NEIGHBOR_KINDS, frames: 3_000, rate: 1_000, from: ['vm1', 'vm2'] });
    const after = await trial.send(NEIGHBOR_KINDS, { copies: 1 });
    const verdict = await trial.judge();
    expect(verdict.of([...many, ...after], 'neighbor frames')).toReachEveryLeafOnce();
  },
);
