import type { Fabric, Leaf, SpineLink } from '../topology/model.js';

/** Private AS numbers (RFC 6996): the spine's own, and one for each leaf. */
const SPINE_AS = 64_512;
const leafAs = (index: number): number => SPINE_AS + 1 + index;

/**
 * What both sides of a session say. Timers are as short as FRR allows (whole seconds); a session ends at once when its
 * link goes down.
 */
function session(
  neighbor: string,
  as: number,
  family: 'ipv4' | 'ipv6',
): { readonly top: readonly string[]; readonly family: 'ipv4' | 'ipv6'; readonly neighbor: string } {
  return {
    family,
    neighbor,
    top: [
      ` neighbor ${neighbor} remote-as ${as}`,
      ` neighbor ${neighbor} timers 1 3`,
      ` neighbor ${neighbor} timers connect 1`,
      ` neighbor ${neighbor} advertisement-interval 0`,
    ],
  };
}

function router(
  as: number,
  id: string,
  sessions: readonly ReturnType<typeof session>[],
  families: (family: 'ipv4' | 'ipv6') => readonly string[],
): string[] {
  return [
    `router bgp ${as}`,
    ` bgp router-id ${id}`,
    ' no bgp ebgp-requires-policy',
    ' no bgp default ipv4-unicast',
    ' no bgp network import-check',
    ' bgp bestpath as-path multipath-relax',
    // A first announcement would otherwise wait a second for others that may join it.
    ' coalesce-time 0',
    ...sessions.flatMap(({ top }) => top),
    ...(['ipv4', 'ipv6'] as const).flatMap((family) => [
      ` address-family ${family} unicast`,
      ...families(family).map((line) => `  ${line}`),
      ...sessions.filter((one) => one.family === family).map(({ neighbor }) => `  neighbor ${neighbor} activate`),
      ' exit-address-family',
    ]),
  ];
}

/**
 * bgpd of a leaf: announces the host routes in the kernel's table, and only those. They are kernel routes to zebra,
 * whatever put them there (`redistribute kernel` works for both versions; `ip import-table` of FRR 8 knows IPv4 only).
 */
export function leafConfig(uplink: SpineLink, index: number): string {
  return [
    // A leaf without an entry must not send packets back to the spine: un-stacked leaves take no host routes from it.
    'ip prefix-list nothing seq 5 deny any',
    'ipv6 prefix-list nothing seq 5 deny any',
    'ip prefix-list host-routes seq 5 permit 0.0.0.0/0 ge 32',
    'ipv6 prefix-list host-routes seq 5 permit ::/0 ge 128',
    'route-map host-routes-4 permit 10',
    ' match ip address prefix-list host-routes',
    'route-map host-routes-6 permit 10',
    ' match ipv6 address prefix-list host-routes',
    ...router(
      leafAs(index),
      uplink.leafIpv4,
      [session(uplink.spineIpv4, SPINE_AS, 'ipv4'), session(uplink.spineIpv6, SPINE_AS, 'ipv6')],
      (family) => [
        `neighbor ${family === 'ipv4' ? uplink.spineIpv4 : uplink.spineIpv6} prefix-list nothing in`,
        `redistribute kernel route-map host-routes-${family === 'ipv4' ? '4' : '6'}`,
      ],
    ),
    '',
  ].join('\n');
}

/** bgpd of the spine: equal routes of all leaves are used side by side. */
export function spineConfig(fabric: Fabric, leaves: readonly Leaf[]): string {
  const sessions = fabric.uplinks.flatMap((uplink, index) => [
    session(uplink.leafIpv4, leafAs(index), 'ipv4'),
    session(uplink.leafIpv6, leafAs(index), 'ipv6'),
  ]);
  return [
    ...router(SPINE_AS, fabric.client.gateway4, sessions, () => [`maximum-paths ${Math.max(2, leaves.length)}`]),
    '',
  ].join('\n');
}
