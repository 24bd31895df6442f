import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';

const SPEAKERS = ['host', 'vm1', 'vm2'];

scenario(
  'when a leaf asks for the host and its VMs, every leaf hears their kernels answer',
  { catches: ['refresher', 'lose-replies'], witnesses: SPEAKERS },
  async (trial) => {
    const unanswered: string[] = [];
    for (const leaf of await trial.broadcastHeardLeaves())
      unanswered.push(...(await trial.leafResolves(leaf, SPEAKERS)));
    for (const leaf of await trial.heardLeaves()) unanswered.push(...(await trial.leafProbes(leaf, SPEAKERS)));
    const verdict = await trial.judge();
    expect(unanswered, `a leaf asked for these addresses and heard nothing: ${unanswered.join(', ')}`).toEqual([]);
    // Each separately: the question must have come in, and the answer must be the kernel's own, not that of a proxy in
    // between.
    for (const name of SPEAKERS)
      for (const kind of ['arp-reply-unicast', 'na-solicited']) expect(verdict.madeByStacks(name)).toInclude(kind);
    expect(verdict.madeByStacks()).toReachEveryLeafOnce();
  },
);

scenario(
  'when a kernel looks for its gateway or announces itself, every leaf hears it',
  { catches: ['off', 'arp-only', 'lose-nd'], witnesses: SPEAKERS },
  async (trial) => {
    await Promise.all(SPEAKERS.map((name) => trial.resolveGateway(name)));
    for (const name of SPEAKERS) await trial.announce(name);
    const verdict = await trial.judge();
    for (const name of SPEAKERS)
      for (const kind of ['arp-request-broadcast', 'ns-multicast', 'arp-announcement', 'na-unsolicited'])
        expect(verdict.madeByStacks(name)).toInclude(kind);
    expect(verdict.madeByStacks()).toReachEveryLeafOnce();
  },
);
