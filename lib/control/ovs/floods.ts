import { ovsMutant } from './ovsMutant.js';

export const floods = ovsMutant(
  'floods',
  'Neighbor frames are also flooded to every port of the switch, whatever its VLAN.',
  ['vlan-leak'],
  { besides: () => ['FLOOD'] },
);
