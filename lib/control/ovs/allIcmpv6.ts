import { ovsMutant } from './ovsMutant.js';

export const allIcmpv6 = ovsMutant('all-icmpv6', 'All of ICMPv6 is copied, not only NS and NA.', ['data-replicated'], {
  matches: ['arp', 'icmp6'],
});
