import { defaultTraits } from '../../testing/defaultLab.js';
import type { Topology } from '../../topology/model.js';

/** A host, VMs vm1.. behind VLAN 10, and leaves leaf-a.. with one leg each, in documentation addresses. */
export function testTopology(leaves: number, vms: number, mode: string): Topology {
  const letter = (i: number): string => String.fromCharCode(97 + i);
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  return {
    name: 'made-up',
    description: 'Wiring of the tests of the judge.',
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
        ipv6: '2001:db8:a::/64',
        gateway4: '192.0.2.1',
        gateway6: '2001:db8:a::1',
      },
    ],
    host: {
      node: 'host',
      nic: 'br0',
      mac: '02:00:00:00:01:01',
      attachment: { type: 'native', network: 'native' },
      addresses: [{ network: 'native', ipv4: '198.51.100.10', ipv6: '2001:db8:1::10' }],
      plane: { traits: defaultTraits(mode), bond: 'bond0', options: {} },
    },
    vms: Array.from({ length: vms }, (_, i) => ({
      node: `vm${i + 1}`,
      nic: 'eth0',
      mac: `02:00:00:00:01:${hex(10 + i)}`,
      hostPort: `vm${i + 1}`,
      attachment: { type: 'access', network: 'tenant' } as const,
      addresses: [{ network: 'tenant', ipv4: `192.0.2.${10 + i}`, ipv6: `2001:db8:a::${hex(10 + i)}` }],
    })),
    leaves: Array.from({ length: leaves }, (_, i) => ({ name: `leaf-${letter(i)}`, gatewayMac: '02:00:00:0f:00:01' })),
    legs: Array.from({ length: leaves }, (_, i) => ({
      name: `leg-${letter(i)}`,
      leaf: `leaf-${letter(i)}`,
      hostPort: `up${i}`,
      hostMac: `02:00:00:01:00:${hex(i + 1)}`,
      leafPort: 'to-host',
      leafMac: `02:00:00:02:${hex(i + 1)}:01`,
    })),
    lacp: { systemId: '02:00:00:0f:00:ac', key: 1 },
  };
}
