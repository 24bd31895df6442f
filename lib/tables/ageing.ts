import { DURATIONS } from '../durations.js';

/**
 * Ageing of a leaf's neighbor entries on one gateway interface, shortened (Documentation/networking/ip-sysctl.rst,
 * neigh/). The kernel draws the real age once per interface from 0.5 to 1.5 times `base_reachable_time_ms`
 * (net/core/neighbour.c, neigh_rand_reach_time), so leaves differ, as real ones do. An entry in use must not wait
 * before it is probed: delay_first_probe_time has whole seconds only, so 0.
 */
export function ageingSysctls(port: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ['ipv4', 'ipv6'].flatMap((family) => {
      const folder = `net/${family}/neigh/${port}`;
      return [
        [`${folder}/base_reachable_time_ms`, String(DURATIONS.neighborAge)],
        [`${folder}/retrans_time_ms`, String(DURATIONS.neighborRetransmit)],
        [`${folder}/delay_first_probe_time`, '0'],
        // As leaf switches do: three unicast probes, then the entry is gone; no last resort by broadcast, and no help
        // from user space.
        [`${folder}/ucast_solicit`, '3'],
        [`${folder}/app_solicit`, '0'],
        [`${folder}/mcast_resolicit`, '0'],
      ];
    }),
  );
}

/**
 * A leaf learns a neighbor from any reply that it receives, also one that it did not ask for: leaf switches call this
 * gleaning.
 */
export function gleaningSysctls(port: string): Readonly<Record<string, string>> {
  return { [`net/ipv4/conf/${port}/arp_accept`]: '1', [`net/ipv6/conf/${port}/accept_untracked_na`]: '1' };
}
