import type { PlaneTraits } from '../traits.js';

export const OVS_DPDK = 'ovs-dpdk';

/**
 * The bond mode with LACP alone: the driver that stands for a NIC here says that its link is up, whatever becomes of the
 * carrier (drivers/net/af_packet, eth_dev_start), so that only a partner that falls silent takes a leg out of the bond.
 */
export const VARIANTS = ['balance-tcp'] as const;

/** Throws RangeError for an unknown name. */
export function ovsDpdkTraits(variant: string): PlaneTraits {
  if (!(VARIANTS as readonly string[]).includes(variant))
    throw new RangeError(`${OVS_DPDK} has no variant "${variant}"; it has ${VARIANTS.join(', ')}`);
  return { kind: OVS_DPDK, variant, lacp: true, spreads: 'flows', hears: { unicast: 'all', multicast: 'all' } };
}
