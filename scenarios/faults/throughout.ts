import type { StreamOptions } from '../../lib/trial/frames.js';
import type { Trial } from '../../lib/trial/trial.js';
import type { Probe } from '../../lib/evidence/types.js';
import { ARP_KINDS, DATA_KINDS, ND_KINDS, NEAR_MISS_KINDS, ROUTER_KINDS } from '../kinds.js';

/**
 * What is sent before, during and after every fault: answers, data, and duplicate address detection in both IP
 * versions.
 */
export const THROUGHOUT: StreamOptions = {
  kinds: ['arp-reply-unicast', 'na-solicited', 'data-udp', 'ns-dad', 'arp-probe'],
};

/**
 * Every kind, once from every sender, in one go: a stream has few kinds and senders, and recovery from a fault may be
 * partial. For times at which nothing changes.
 * @param when shown in the report
 */
export function everyKindOnce(trial: Trial, when: string): Promise<readonly Probe[]> {
  return trial.send([...ARP_KINDS, ...ND_KINDS, ...ROUTER_KINDS, ...NEAR_MISS_KINDS, ...DATA_KINDS], {
    copies: 1,
    group: `every kind, ${when}`,
  });
}
