import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { ARP_KINDS, ND_KINDS } from '../kinds.js';

// A backup that runs, or a VM that is moved: data takes all that one uplink can carry, for minutes.
scenario(
  'while one uplink is full of data, every neighbor frame still reaches every leaf',
  { catches: ['shares-class', 'lose-on-one-leg'], needs: ['queues'] },
  async (trial) => {
    const probes = [];
    const loads = [];
    for (const leg of trial.legs) {
      const load = await trial.fillLeg(leg);
      probes.push(...(await trial.send([...ARP_KINDS, ...ND_KINDS], { copies: 1, group: `${leg} is full` })));
      loads.push(await load.stop());
    }
    const verdict = await trial.judge();
    expect(verdict.of(probes, 'neighbor frames')).toReachEveryLeafOnce();
    expect(loads).toHaveLeftNoRoom();
  },
);

// The switch itself chooses where: what it cannot send on one uplink must take nothing from what it sends on the other.
scenario(
  'while a VM sends more data than its uplink can carry, every neighbor frame still reaches every leaf',
  { catches: ['shares-class', 'long-queue', 'lose-on-one-leg'], needs: ['queues'] },
  async (trial) => {
    const load = await trial.fillFrom('vm2');
    const probes = await trial.send([...ARP_KINDS, ...ND_KINDS], { from: ['host', 'vm1'], copies: 2 });
    const stopped = await load.stop();
    const verdict = await trial.judge();
    expect(verdict.of(probes, 'neighbor frames')).toReachEveryLeafOnce();
    expect([stopped]).toHaveLeftNoRoom();
  },
);
