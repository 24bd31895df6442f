import type { Profile } from '../types.js';
import { ebpf } from './ebpf.js';

/** The promises of `ebpf`, by other means. */
export const tcCbpf: Profile = {
  ...ebpf,
  name: 'tc-cbpf',
  title: 'tc, a classifier of classic BPF at the egress of each leg',
  source:
    'lib/replicator/cbpf/program.ts: ARP, NS and NA, without a tag and behind one, also behind one extension header',
};
