import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { everyKindOnce, THROUGHOUT } from './throughout.js';

// A controller is updated, or its machine is gone: until it is back, switches go on by what they were told last.
scenario(
  'a controller that is dead for longer than its switch waits for it, and comes back, takes no copy from any leaf',
  {
    catches: ['fails-open', 'lose-on-one-leg'],
    controller: true,
    duration: 'minutes',
    once: true,
    faults: ['killController'],
  },
  async (trial) => {
    const [leg = ''] = trial.legs;
    const probes = [...(await everyKindOnce(trial, 'the controller lives'))];
    const killed = await trial.inflict('killController', leg);
    probes.push(...(await everyKindOnce(trial, 'the controller is dead')));
    await trial.outlastController();
    probes.push(...(await everyKindOnce(trial, 'the controller is given up')));
    const stream = trial.stream(THROUGHOUT);
    await stream.sent(20);
    await killed?.repair();
    await stream.sent(40);
    probes.push(...(await stream.stop()), ...(await everyKindOnce(trial, 'the controller is back')));
    const verdict = await trial.judge();
    expect(verdict.of(probes)).toFollowTheTimeline();
  },
);
