import { defaultTraits } from '../../testing/defaultLab.js';
import type { Topology } from '../../topology/model.js';
import type { Profile } from '../../profile/types.js';

export const SAMPLE_LEAVES = ['leaf-a', 'leaf-b'] as const;

/** The dual-leaf wiring of the sample run, in documentation addresses. */
export function sampleTopology(mode: string): Topology {
  const address = (last: number): { network: string; ipv4: string; ipv6: string } => ({
    network: 'tenant',
    ipv4: `192.0.2.${String(last)}`,
    ipv6: `2001:db8::${last.toString(16)}`,
  });
  return {
    name: 'dual-leaf',
    description: 'One host, two un-stacked leaves, two VMs whose MACs differ in the last bit.',
    networks: [
      {
        name: 'native',
        vlan: null,
        ipv4: '198.51.100.0/24',
        ipv6: '2001:db8:1::/64',
        gateway4: '198.51.100.1',
        gateway6: '2001:db8:1::1',
      },
      {
        name: 'tenant',
        vlan: 10,
        ipv4: '192.0.2.0/24',
        ipv6: '2001:db8::/64',
        gateway4: '192.0.2.1',
        gateway6: '2001:db8::1',
      },
    ],
    host: {
      node: 'host',
      nic: 'br0',
      mac: '02:00:00:00:01:00',
      attachment: { type: 'native', network: 'native' },
      addresses: [{ network: 'native', ipv4: '198.51.100.10', ipv6: '2001:db8:1::10' }],
      plane: { traits: defaultTraits(mode), bond: 'bond0', options: {} },
    },
    vms: [10, 11].map((last) => ({
      node: `vm${String(last - 9)}`,
      nic: 'eth0',
      mac: `02:00:00:00:02:0${last.toString(16)}`,
      hostPort: `vm${String(last - 9)}`,
      attachment: { type: 'access', network: 'tenant' },
      addresses: [address(last)],
    })),
    leaves: SAMPLE_LEAVES.map((name) => ({ name, gatewayMac: '02:00:00:00:00:fe' })),
    legs: SAMPLE_LEAVES.map((leaf, index) => ({
      name: `leg-${leaf.slice(-1)}`,
      leaf,
      hostPort: `up${String(index)}`,
      hostMac: `02:00:00:00:03:0${String(index)}`,
      leafPort: 'host',
      leafMac: `02:00:00:00:04:0${String(index)}`,
    })),
    lacp: { systemId: '02:00:00:00:00:ff', key: 1 },
  };
}

export const SAMPLE_PROFILE: Profile = {
  name: 'ovs-group',
  title: 'OVS group recipe',
  source: 'OpenFlow group of type all',
  deadLegMustBeSilent: true,
  duties: { rs: 'single', 'mld-report': 'single' },
};
