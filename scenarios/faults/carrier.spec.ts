import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { everyKindOnce, THROUGHOUT } from './throughout.js';

scenario(
  'while a cable is out and a port is shut, probes go on reaching every live leaf once',
  {
    catches: ['off', 'stale-liveness', 'returns-late', 'refresher', 'delayed', 'lose-on-one-leg', 'delay'],
    duration: 'seconds',
    legsDie: true,
  },
  async (trial) => {
    const [first = '', second = ''] = trial.legsInTurn;
    const probes = [];
    const stream = trial.stream(THROUGHOUT);
    await stream.sent(20);
    for (const [fault, leg, args] of [
      ['unplug', first, {}],
      ['adminDown', second, { side: 'host' }],
      ['adminDown', first, { side: 'leaf' }],
    ] as const) {
      const broken = await trial.inflict(fault, leg, args);
      await trial.speakAsLeaves({ without: leg });
      probes.push(...(await everyKindOnce(trial, `${leg} out`)));
      await stream.sent(40);
      await broken?.repair();
      await stream.sent(20);
    }
    probes.push(...(await stream.stop()), ...(await everyKindOnce(trial, 'every leg back')));
    const verdict = await trial.judge();
    expect(verdict.of(probes)).toFollowTheTimeline();
  },
);

scenario(
  'when every leg is out nothing is due, and when they are back every leaf is reached again',
  {
    catches: [
      'off',
      'stale-liveness',
      'returns-late',
      'refresher',
      'delayed',
      'announces-others',
      'lose-on-one-leg',
      'delay',
    ],
    duration: 'seconds',
    legsDie: true,
    allLegsDie: true,
  },
  async (trial) => {
    const stream = trial.stream(THROUGHOUT);
    await stream.sent(20);
    for (const leg of trial.legs) await trial.unplug(leg);
    await stream.sent(40);
    for (const leg of trial.legs) await trial.plug(leg);
    await stream.sent(40);
    const probes = [...(await stream.stop()), ...(await everyKindOnce(trial, 'every leg back'))];
    const verdict = await trial.judge();
    expect(verdict.of(probes)).toFollowTheTimeline();
  },
);

scenario(
  'a flapping cable does not disturb the other leg, and makes no storm',
  {
    catches: ['off', 'mirror-both-uplinks', 'refresher', 'delayed', 'lose-on-one-leg', 'delay'],
    duration: 'seconds',
    legsDie: true,
  },
  async (trial) => {
    const [leg = ''] = trial.legsInTurn;
    const stream = trial.stream(THROUGHOUT);
    await stream.sent(20);
    await trial.inflict('flap', leg, { times: 50, periodMs: 50 });
    await trial.speakAsLeaves();
    await stream.sent(40);
    const probes = [...(await stream.stop()), ...(await everyKindOnce(trial, 'the cable holds'))];
    const verdict = await trial.judge();
    expect(verdict.of(probes)).toFollowTheTimeline();
  },
);

scenario(
  'duplicate address detection that begins while a cable is pulled is heard by every live leaf',
  {
    catches: ['off', 'arp-only', 'refresher', 'delayed', 'lose-on-one-leg', 'delay'],
    duration: 'seconds',
    legsDie: true,
  },
  async (trial) => {
    for (const leg of trial.legs) {
      const stream = trial.stream({ kinds: ['ns-dad', 'ns-dad-nonce', 'arp-probe'] });
      await stream.sent(15);
      await trial.unplug(leg);
      await stream.sent(15);
      await trial.plug(leg);
      await stream.sent(15);
      await stream.stop();
    }
    const after = await everyKindOnce(trial, 'every leg back');
    const verdict = await trial.judge();
    expect(verdict.of(trial.streamed(), 'DAD frames')).toFollowTheTimeline();
    expect(verdict.of(after)).toFollowTheTimeline();
  },
);
