import type { Leg, Topology } from './model.js';

/** Throws RangeError for a name that this topology does not have. */
export function legNamed({ legs }: Topology, name: string): Leg {
  const found = legs.find((leg) => leg.name === name);
  if (found === undefined)
    throw new RangeError(`this topology has no leg "${name}"; there are ${legs.map((leg) => leg.name).join(', ')}`);
  return found;
}

/** Throws RangeError for a leaf to which no leg leads. */
export function legTo({ legs }: Topology, leaf: string): Leg {
  const found = legs.find((leg) => leg.leaf === leaf);
  if (found === undefined)
    throw new RangeError(
      `no leg of this topology leads to "${leaf}"; there are ${legs.map((leg) => leg.leaf).join(', ')}`,
    );
  return found;
}
