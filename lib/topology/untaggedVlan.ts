import type { Topology } from './model.js';

/** Numbers that a bridge may give to frames without a tag; the first is the kernel's own choice. */
const UNTAGGED = [1, 4094, 4093, 4092];

/** The VLAN in which a bridge of the kernel has frames without a tag: one that no network has. */
export function untaggedVlan({ networks }: Pick<Topology, 'networks'>): number {
  return UNTAGGED.find((vlan) => networks.every((network) => network.vlan !== vlan)) ?? 0;
}
