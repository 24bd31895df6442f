import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { ARP_KINDS, ND_KINDS } from '../kinds.js';

/** Enough that some take each leg (flowsFor of lib/judge/rules/spread.ts), with spare ones. */
const FLOWS = 40;

/*
 * Leaves know nothing of tenants: all that they must hear is the VTEP.
 *
 *     tenant ── vxlan0 ── host's stack ── bond + replicator ── leaves ── (gateway) ── other VTEP
 */
scenario(
  'the VTEP of tenants is heard by every leaf, and what they say inside of the tunnel leaves once',
  { catches: ['copies-tunnels', 'copy-data', 'lose-nd'], needs: ['tunnels'], witnesses: ['host'] },
  async (trial) => {
    await trial.resolveGateway('host');
    await trial.tenantsSay([...ARP_KINDS, ...ND_KINDS], { copies: 2 });
    await trial.tenantsSay(['data-udp'], { copies: FLOWS });
    await trial.announce('host');
    const verdict = await trial.judge();
    for (const kind of ['arp-request-broadcast', 'ns-multicast', 'arp-announcement', 'na-unsolicited'])
      expect(verdict.madeByStacks('host')).toInclude(kind);
    expect(verdict.madeByStacks('host')).toReachEveryLeafOnce();
    expect(verdict.tunneled()).toStaySingle();
    expect(verdict).toUseManyFlows();
  },
);
