import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { everyKindOnce, THROUGHOUT } from './throughout.js';

scenario(
  'a mute, deaf, lossy or slow wire costs only copies on that wire',
  {
    catches: ['off', 'refresher', 'group-and-normal', 'no-in-port', 'delayed', 'lose-on-one-leg', 'delay'],
    duration: 'seconds',
    legsDie: true,
  },
  async (trial) => {
    const [first = '', second = ''] = trial.legsInTurn;
    const stream = trial.stream(THROUGHOUT);
    await stream.sent(20);
    for (const [fault, leg, args] of [
      ['mute', first, {}],
      ['deafen', second, {}],
      ['lose', first, { share: 0.5 }],
      ['lose', second, { share: 0.1 }],
      ['delay', first, { ms: 10 }],
    ] as const) {
      const broken = await trial.inflict(fault, leg, args);
      if (broken === null) continue;
      // Frames of the leaves, too: none may come back out of the host.
      await trial.speakAsLeaves();
      await stream.sent(40);
      await broken.repair();
      await stream.sent(20);
    }
    const probes = [...(await stream.stop()), ...(await everyKindOnce(trial, 'every wire whole'))];
    const verdict = await trial.judge();
    expect(verdict.of(probes)).toFollowTheTimeline();
  },
);
