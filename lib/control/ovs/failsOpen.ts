import { ovsController } from '../../replicator/ovs/controlled.js';
import { installController } from '../../replicator/ovs/controller/install.js';
import type { OvsMutant } from './types.js';

/**
 * As a bridge is unless somebody sets its fail_mode. Three inactivity probes (15 s) after the end of its controller the
 * switch puts a flow of its own above all others, which no `dump-flows` shows (Open vSwitch, ofproto/fail-open.c).
 */
export const failsOpen: OvsMutant = {
  ...ovsController,
  name: 'fails-open',
  description:
    'All is right while the controller lives; when it is dead for 15 s, each frame goes the normal way, on one leg.',
  mustFind: ['missing'],
  install: ({ plane }) => installController(plane, { failMode: 'standalone' }),
};
