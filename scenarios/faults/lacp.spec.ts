import { expect } from '../../lib/fixtures/matchers.js';
import { scenario } from '../../lib/fixtures/scenario.js';

scenario('a partner whose LACP dies while the carrier stays is treated as the profile says', { catches: ['off', 'stale-liveness', 'refresher', 'delayed'], extended: true, legsDie: true, needsLacp: true }, async (trial) => {
  const [, leg = ''] = trial.legs;
  const stream = trial.stream({ rate: 100 });
  await stream.sent(10);
  const silent = await trial.inflict('silenceLacp', leg);
  await stream.sent(20);
  await trial.bondLeft(leg);
  await stream.sent(60);
  await silent?.repair();
  await stream.sent(20);
  const probes = await stream.stop();
  const verdict = await trial.judge();
  expect(verdict.of(probes)).toFollowTheTimeline();
});

scenario('leaves with different LACP system ids are noticed and named as the cause', { catches: ['off', 'refresher', 'delayed'], extended: true, legsDie: true, needsLacp: true }, async (trial) => {
  const [, leg = ''] = trial.legs;
  const stream = trial.stream();
  await stream.sent(20);
  const split = await trial.inflict('splitSystemId', leg);
  await trial.partnersDiffer();
  await stream.sent(40);
  await split?.repair();
  await stream.sent(20);
  const probes = await stream.stop();
  const verdict = await trial.judge();
  expect(verdict.of(probes)).toFollowTheTimeline();
  expect(verdict).toName('split-aggregator');
});

scenario('all leaves are one LACP partner to the host, and each gets every neighbor frame', { catches: ['split-aggregator', 'off'], legsDie: true, needsLacp: true }, async (trial) => {
  const stream = trial.stream();
  await stream.sent(40);
  const probes = await stream.stop();
  const verdict = await trial.judge();
  expect(verdict.of(probes)).toFollowTheTimeline();
});
