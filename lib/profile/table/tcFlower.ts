import type { Profile } from '../types.js';
import { ebpf } from './ebpf.js';

/**
 * The promises of `ebpf`, by other means: for tags beside the bytes of a frame, as bridges and VLAN devices hand it to a leg.
 * With a tag in its bytes, as a packet socket sends it on the leg itself, flower takes it for another frame.
 */
export const tcFlower: Profile = {
  ...ebpf,
  name: 'tc-flower',
  title: 'tc, filters of flower at the egress of each leg',
  source:
    'lib/replicator/flower/filter.ts: ARP, NS and NA, without a tag and behind one, also behind extension headers, as Linux 7.3.4 looks behind them (net/core/flow_dissector.c)',
};
