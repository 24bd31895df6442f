import { pushTag } from '../../replicator/ovs/recipe.js';
import { ovsMutant } from './ovsMutant.js';

/** As flows do that were written for one VLAN. */
export const pushesFirstTag = ovsMutant(
  'pushes-first-tag',
  "Every access port's neighbor frames leave with the tag of the first access port.",
  ['identity'],
  {
    pushes: (sender, ports) => pushTag(ports.find((port) => port.tag !== null) ?? sender),
  },
);
