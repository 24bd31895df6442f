import type { Capability } from '../../doctor/types.js';

/** A VTEP behind which a bridge is. */
export const VTEP: Capability = {
  name: 'vxlan',
  neededFor: 'tenants behind the host, in a tunnel',
  need: 'required',
  tools: ['ip'],
  script: [
    'ip link set lo up',
    'ip link add name vxlan0 type vxlan id 7 local 127.0.0.1 remote 127.0.0.2 dstport 4789 nolearning',
    'ip link add name tenants type bridge',
    'ip link set dev vxlan0 master tenants',
    'ip link set dev vxlan0 up',
  ].join('\n'),
  command: 'ip link add name vxlan0 type vxlan id 7 local 127.0.0.1 remote 127.0.0.2 dstport 4789 nolearning',
};
