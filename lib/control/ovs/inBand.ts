import { ovsController } from '../../replicator/ovs/controlled.js';
import { installController } from '../../replicator/ovs/controller/install.js';
import type { OvsMutant } from './types.js';

/**
 * As a switch is that reaches its controller over TCP, unless somebody says otherwise: so that it finds it whatever the
 * controller has it do, its own ARP goes the normal way, by flows above all others that no `dump-flows` shows (Open
 * vSwitch, ofproto/in-band.c).
 */
export const inBand: OvsMutant = {
  ...ovsController,
  name: 'in-band',
  description:
    'The controller is reached over TCP in the default mode: what the host itself asks by ARP goes the normal way, on one leg.',
  mustFind: ['missing'],
  install: ({ plane }) => installController(plane, { reach: 'in-band' }),
};
