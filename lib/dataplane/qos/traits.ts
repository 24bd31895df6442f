import type { PlaneTraits } from '../traits.js';

export const QOS = 'qos';

export const VARIANTS = ['htb'] as const;

/** Throws RangeError for an unknown name. */
export function qosTraits(variant: string): PlaneTraits {
  if (!(VARIANTS as readonly string[]).includes(variant))
    throw new RangeError(`${QOS} has no variant "${variant}"; it has ${VARIANTS.join(', ')}`);
  return {
    kind: QOS,
    variant,
    lacp: true,
    spreads: 'flows',
    hears: { unicast: 'all', multicast: 'all' },
    queues: true,
  };
}
