import type { Plane } from '../../dataplane/plane.js';
import type { OvsPlane } from '../ovsPlane.js';

const isOvsPlane = (plane: Plane): plane is OvsPlane => 'ovs' in plane;

/** The same plane, typed as one whose switch is an Open vSwitch. */
export function asOvsPlane(plane: Plane): OvsPlane {
  if (!isOvsPlane(plane)) throw new TypeError(`${plane.traits.kind} is no Open vSwitch`);
  return plane;
}
