import { expect } from '../../lib/fixtures/matchers.js';
import { scenario } from '../../lib/fixtures/scenario.js';

const SPEAKERS = ['host', 'vm1', 'vm2'];

scenario('when a leaf probes the host and its VMs, every leaf hears their kernels answer', { catches: ['off', 'requests-only', 'broadcast-only', 'refresher'], witnesses: SPEAKERS }, async (trial) => {
  for (const leaf of await trial.heardLeaves()) await trial.leafProbes(leaf, SPEAKERS);
  const verdict = await trial.judge();
  expect(verdict.madeByStacks()).toInclude('arp-reply-unicast');
  expect(verdict.madeByStacks()).toInclude('na-solicited');
  expect(verdict.madeByStacks()).toReachEveryLeafOnce();
});

scenario('when a kernel looks for its gateway or announces itself, every leaf hears it', { catches: ['off', 'arp-only'], witnesses: SPEAKERS }, async (trial) => {
  await Promise.all(SPEAKERS.map((name) => trial.resolveGateway(name)));
  for (const name of SPEAKERS) await trial.announce(name);
  const verdict = await trial.judge();
  for (const kind of ['arp-request-broadcast', 'ns-multicast', 'arp-announcement', 'na-unsolicited']) expect(verdict.madeByStacks()).toInclude(kind);
  expect(verdict.madeByStacks()).toReachEveryLeafOnce();
});
