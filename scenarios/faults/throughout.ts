import type { StreamOptions } from '../../lib/fixtures/trial.js';

/** What goes out before, in the middle of and after every fault: answers, data, and duplicate address detection in both IP versions. */
export const THROUGHOUT: StreamOptions = { kinds: ['arp-reply-unicast', 'na-solicited', 'data-udp', 'ns-dad', 'arp-probe'] };
