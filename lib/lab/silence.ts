/**
 * Defaults of a namespace before its links are made: no stack speaks unless a scenario makes it speak. arp_ignore=8
 * (Documentation/networking/ip-sysctl.rst): answer no ARP at all; a port under a switch would otherwise answer for the
 * switch's own addresses. IPv6 is off for the same reason. Stacks that must speak are opened one by one.
 */
export const SILENT_DEFAULTS: Readonly<Record<string, string>> = {
  'net/ipv6/conf/default/disable_ipv6': '1',
  'net/ipv6/conf/default/accept_ra': '0',
  'net/ipv6/conf/default/router_solicitations': '0',
  'net/ipv6/conf/default/addr_gen_mode': '1',
  'net/ipv4/conf/default/arp_ignore': '8',
  'net/ipv4/ip_forward': '0',
};

/**
 * Undoes the silence for one interface: its stack answers for the addresses of that interface only (arp_ignore=1).
 */
export function speakingSysctls(port: string): Readonly<Record<string, string>> {
  return {
    [`net/ipv6/conf/${port}/disable_ipv6`]: '0',
    [`net/ipv4/conf/${port}/arp_ignore`]: '1',
  };
}
