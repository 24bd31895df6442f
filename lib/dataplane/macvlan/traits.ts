import type { PlaneTraits } from '../traits.js';

export const MACVLAN = 'macvlan';

/** Modes of macvlan (ip-link(8)), in the order in which a run takes them. */
export const VARIANTS = ['bridge', 'vepa', 'private', 'passthru'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Throws RangeError for an unknown name. */
export function variantNamed(name: string): Variant {
  const variant = VARIANTS.find((one) => one === name);
  if (variant === undefined) throw new RangeError(`${MACVLAN} has no variant "${name}"; it has ${VARIANTS.join(', ')}`);
  return variant;
}

/**
 * Who hears whom inside of the host (drivers/net/macvlan.c, macvlan_queue_xmit and macvlan_handle_frame). In each mode
 * the stack of the lower device hears no macvlan of its own. With passthru each VM has a port of the switch for itself.
 */
const ON_HOST: Readonly<Record<Variant, Pick<PlaneTraits, 'onHost'>>> = {
  bridge: { onHost: 'vms' },
  vepa: { onHost: 'nobody' },
  private: { onHost: 'nobody' },
  passthru: {},
};

/** The bond below is one of LACP that balances flows. */
export function macvlanTraits(variant: Variant): PlaneTraits {
  return {
    kind: MACVLAN,
    variant,
    lacp: true,
    spreads: 'flows',
    hears: { unicast: 'all', multicast: 'all' },
    ...ON_HOST[variant],
  };
}
