import { expect } from '../../lib/trial/matchers.js';
import { scenario } from '../../lib/runner/scenario.js';
import { ARP_KINDS, ND_KINDS } from '../kinds.js';

// A VM that is a router or a provider edge has customers behind it, whose frames have a tag of their own inside.
scenario(
  'neighbor frames with two VLAN tags reach every leaf with both, and data with two tags goes out once',
  {
    catches: ['reads-one-tag', 'copies-all-with-two-tags', 'drops-outer-tag', 'lose-two-tags', 'strip-inner-tag'],
    needs: ['trunk'],
    promises: { kind: 'arp-request-broadcast', form: 'qinq' },
    duration: 'seconds',
  },
  async (trial) => {
    const neighbor = await trial.sendStacked([...ARP_KINDS, ...ND_KINDS]);
    const data = await trial.sendStacked(['data-udp', 'data-tcp', 'data-dhcp'], { copies: 2 });
    const verdict = await trial.judge();
    expect(verdict.of(neighbor, 'frames with two tags')).toReachEveryLeafOnce();
    expect(verdict.of(data, 'data with two tags')).toStaySingle();
  },
);
