import type { StreamOptions } from '../../lib/trial/frames.js';
import type { Trial } from '../../lib/trial/trial.js';
import type { Probe } from '../../lib/evidence/types.js';
import { ARP_KINDS, DATA_KINDS, ND_KINDS, NEAR_MISS_KINDS, ROUTER_KINDS } from '../kinds.js';

/**
 * What goes out before, in the middle of and after every fault: answers, data, and duplicate address detection in both
 * IP versions.
 */
export const THROUGHOUT: StreamOptions = {
  kinds: ['arp-reply-unicast', 'na-solicited', 'data-udp', 'ns-dad', 'arp-probe'],
};

/**
 * Every kind there is, once from every sender, in one go: a stream has few kinds and senders, and what comes back from
 * a fault may come back in part. For times at which nothing changes.
 * @param when shown in the report
 */
export function everyKindOnce(trial: Trial, when: string): Promise<readonly Probe[]> {
  return trial.send([...ARP_KINDS, ...ND_KINDS, ...ROUTER_KINDS, ...NEAR_MISS_KINDS, ...DATA_KINDS], {
    copies: 1,
    group: `every kind, ${when}`,
  });
}
