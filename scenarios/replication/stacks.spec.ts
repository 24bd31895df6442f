import { announce, leafProbes, resolveGateway } from '../../lib/stimulus/stacks.js';
import { expect } from '../../lib/fixtures/matchers.js';
import { scenario } from '../../lib/fixtures/scenario.js';

const SPEAKERS = ['host', 'vm1', 'vm2'];

scenario('when a leaf probes the host and its VMs, every leaf hears their kernels answer', { catches: ['off', 'requests-only', 'broadcast-only', 'refresher'], witnesses: SPEAKERS }, async (trial) => {
  const { lab } = trial.experiment;
  for (const leaf of await trial.heardLeaves()) await leafProbes(lab, leaf, SPEAKERS.map(trial.sender));
  const verdict = await trial.judge();
  expect(verdict.madeByStacks()).toInclude('arp-reply-unicast');
  expect(verdict.madeByStacks()).toInclude('na-solicited');
  expect(verdict.madeByStacks()).toReachEveryLeafOnce();
});

scenario('when a kernel looks for its gateway or announces itself, every leaf hears it', { catches: ['off', 'arp-only'], witnesses: SPEAKERS }, async (trial) => {
  const { lab } = trial.experiment;
  await Promise.all(SPEAKERS.map((name) => resolveGateway(lab, trial.sender(name))));
  for (const name of SPEAKERS) await announce(lab, trial.sender(name));
  const verdict = await trial.judge();
  for (const kind of ['arp-request-broadcast', 'ns-multicast', 'arp-announcement', 'na-unsolicited']) expect(verdict.madeByStacks()).toInclude(kind);
  expect(verdict.madeByStacks()).toReachEveryLeafOnce();
});
