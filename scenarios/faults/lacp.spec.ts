import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { everyKindOnce, THROUGHOUT } from './throughout.js';

scenario(
  'a partner whose LACP dies while the carrier stays is treated as the profile says',
  {
    catches: ['off', 'stale-liveness', 'refresher', 'delayed', 'lose-on-one-leg', 'delay'],
    duration: 'seconds',
    legsDie: true,
    needs: ['lacp'],
  },
  async (trial) => {
    const [, leg = ''] = trial.legs;
    const stream = trial.stream({ ...THROUGHOUT, rate: 100 });
    await stream.sent(10);
    const silent = await trial.inflict('silenceLacp', leg);
    await stream.sent(20);
    await trial.bondLeft(leg);
    await trial.speakAsLeaves();
    const probes = [...(await everyKindOnce(trial, 'the bond has left'))];
    await stream.sent(60);
    await silent?.repair();
    await stream.sent(20);
    probes.push(...(await stream.stop()), ...(await everyKindOnce(trial, 'LACP is heard again')));
    const verdict = await trial.judge();
    expect(verdict.of(probes)).toFollowTheTimeline();
  },
);

// With the slow rate the host goes on for 90 s (IEEE 802.1AX 6.4.4) using a leg whose partner no longer speaks LACP.
scenario(
  'at the slow LACP rate a silent partner is missed after 90 s, and each leaf gets what the profile says before and after',
  { catches: ['off', 'lose-on-one-leg'], duration: 'minutes', legsDie: true, needs: ['lacp'] },
  async (trial) => {
    // Not the leg of the test at the fast rate.
    const [leg = ''] = trial.legs;
    await trial.slowLacp();
    const stream = trial.stream({ ...THROUGHOUT, rate: 20 });
    await stream.sent(10);
    const silent = await trial.inflict('silenceLacp', leg);
    // Long after the fast rate's 3 s the bond uses every leg.
    await stream.sent(200);
    await trial.bondLeft();
    await trial.bondLeft(leg);
    await stream.sent(40);
    await silent?.repair();
    await stream.sent(20);
    const probes = [...(await stream.stop()), ...(await everyKindOnce(trial, 'LACP is heard again'))];
    const verdict = await trial.judge();
    expect(verdict.of(probes)).toFollowTheTimeline();
  },
);

scenario(
  'leaves with different LACP system ids are noticed and named as the cause',
  {
    catches: ['off', 'refresher', 'delayed', 'lose-on-one-leg', 'delay'],
    duration: 'seconds',
    legsDie: true,
    needs: ['lacp'],
  },
  async (trial) => {
    const probes = [];
    const stream = trial.stream(THROUGHOUT);
    await stream.sent(20);
    for (const leg of trial.legs) {
      const split = await trial.inflict('splitSystemId', leg);
      await trial.partnersDiffer();
      await trial.speakAsLeaves();
      probes.push(...(await everyKindOnce(trial, `${leg} of another system`)));
      await stream.sent(40);
      await split?.repair();
      await stream.sent(20);
    }
    probes.push(...(await stream.stop()), ...(await everyKindOnce(trial, 'one system again')));
    const verdict = await trial.judge();
    expect(verdict.of(probes)).toFollowTheTimeline();
    expect(verdict).toName('split-aggregator');
  },
);

scenario(
  'all leaves are one LACP partner to the host, and each gets every neighbor frame',
  { catches: ['split-aggregator', 'off', 'split-partner', 'lose-replies'], legsDie: true, needs: ['lacp'] },
  async (trial) => {
    const stream = trial.stream(THROUGHOUT);
    await stream.sent(40);
    const probes = await stream.stop();
    const verdict = await trial.judge();
    expect(verdict.of(probes)).toFollowTheTimeline();
  },
);
