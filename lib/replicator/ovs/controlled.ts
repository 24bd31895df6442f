import { OVS_PLANES, type OvsPlane } from '../../ovs/ovsPlane.js';
import { ovsGroup as profile } from '../../profile/table/ovsGroup.js';
import type { Replicator } from '../types.js';
import { installController } from './controller/install.js';

/** The group recipe, from a controller of its own, as clouds install it. */
export const ovsController: Replicator<OvsPlane> = {
  name: 'ovs-controller',
  description:
    'An OpenFlow controller, a process of its own, installs the flows and the group of ovs-group; fail_mode is secure, so that they outlive it.',
  profile,
  on: OVS_PLANES,
  controller: true,
  install: ({ plane }) => installController(plane),
};
