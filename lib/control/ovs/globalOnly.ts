import { ovsMutant } from './ovsMutant.js';

/** 2000::/3 is all global unicast (RFC 4291 2.4); the unspecified address is that of DAD. */
const SOURCES = ['ipv6_src=2000::/3', 'ipv6_src=::'];

export const globalOnly = ovsMutant(
  'global-only',
  'Neighbor Discovery from a link-local address is not copied.',
  ['missing'],
  {
    matches: ['arp', ...[135, 136].flatMap((type) => SOURCES.map((source) => `icmp6,icmp_type=${type},${source}`))],
  },
);
