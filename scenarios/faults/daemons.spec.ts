import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { everyKindOnce, THROUGHOUT } from './throughout.js';

scenario(
  "after the host's switch and after the replicator have died every leaf is reached again",
  {
    catches: ['off', 'first-leg-only', 'forgets-trunks', 'refresher', 'delayed', 'lose-on-one-leg', 'delay'],
    duration: 'seconds',
    legsDie: true,
    switchRestarts: true,
  },
  async (trial) => {
    const [leg = ''] = trial.legs;
    const probes = [];
    const stream = trial.stream(THROUGHOUT);
    await stream.sent(20);
    for (const fault of ['restartSwitch', 'killReplicator'] as const) {
      const died = await trial.inflict(fault, leg);
      await died?.repair();
      await trial.speakAsLeaves();
      probes.push(...(await everyKindOnce(trial, `after ${fault}`)));
      await stream.sent(40);
    }
    probes.push(...(await stream.stop()));
    const verdict = await trial.judge();
    expect(verdict.of(probes)).toFollowTheTimeline();
  },
);

scenario(
  'a leaf that reboots gets every frame again, and learns from them',
  {
    catches: ['off', 'stale-liveness', 'refresher', 'delayed', 'lose-on-one-leg', 'delay'],
    duration: 'seconds',
    legsDie: true,
  },
  async (trial) => {
    const [leg = ''] = [...trial.legsInTurn].reverse();
    const stream = trial.stream(THROUGHOUT);
    await stream.sent(20);
    const reboot = await trial.inflict('rebootLeaf', leg);
    await trial.speakAsLeaves({ without: leg });
    const probes = [...(await everyKindOnce(trial, 'the leaf is away'))];
    await stream.sent(40);
    await stream.stop();
    await reboot?.repair();
    await trial.recordRelearning(leg);
    const after = trial.stream(THROUGHOUT);
    await after.sent(40);
    await after.stop();
    probes.push(...trial.streamed(), ...(await everyKindOnce(trial, 'the leaf is back')));
    const verdict = await trial.judge();
    expect(verdict.of(probes)).toFollowTheTimeline();
  },
);
