import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { sendersOf } from '../../topology/senders.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { OvsMutant } from './types.js';

/**
 * Link-local addresses are made from the MAC, and a sender that does DAD has no address yet (RFC 4862 5.4, RFC 5227
 * 2.1.1).
 */
const NOT_GIVEN = { arp: ['0.0.0.0'], nd: ['fe80::/10', '::'] };

/** Like an IP source guard that forgets the address that a cluster moves from machine to machine. */
export const ownIpOnly: OvsMutant = {
  name: 'own-ip-only',
  description: 'Only frames with an address that was given to a port of this host are copied.',
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['missing'],
  install({ lab, plane }) {
    const given = sendersOf(lab.topology).flatMap((sender) => sender.addresses);
    const arp = [...given.map(({ ipv4 }) => ipv4), ...NOT_GIVEN.arp].map((ip) => `arp,arp_spa=${ip}`);
    const nd = [...given.map(({ ipv6 }) => ipv6), ...NOT_GIVEN.nd].flatMap((ip) =>
      [135, 136].map((type) => `icmp6,icmp_type=${type},ipv6_src=${ip}`),
    );
    return reconcile(plane, { ...RIGHT, matches: [...arp, ...nd] });
  },
};
