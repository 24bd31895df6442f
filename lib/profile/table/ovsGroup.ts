import { everyForm, NEIGHBOR_KINDS, rows } from '../rows.js';
import type { Profile } from '../types.js';

export const ovsGroup: Profile = {
  name: 'ovs-group',
  title: 'Open vSwitch, ARP, NS and NA into a group of type all',
  source: 'Flows arp, icmp6 type 135 and 136 with actions=group, tried on Open vSwitch 3.1, userspace datapath',
  duties: {
    // Two tags match only where other_config:vlan-limit is 2: unknown to the judge.
    ...rows(NEIGHBOR_KINDS, { untagged: 'replicated', tagged: 'replicated', qinq: 'unjudged' }),
    rs: 'single',
    'mld-report': 'single',
    'ns-ext-header': { untagged: 'replicated', tagged: 'replicated', qinq: 'unjudged' },
    ra: everyForm('single'),
  },
  // An explicit output looks neither at carrier nor at LACP: every bucket gets its copy, dead or not.
  deadLegMustBeSilent: false,
  sendsToLacpDeadLeg: true,
  // The flows hand each frame to the ports of its VLAN as well.
  deliversOnHost: true,
};
