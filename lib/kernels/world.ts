import type { Topology } from '../topology/model.js';

/** Devices of VMs that have no bridge. */
export const MACVLAN = 'macvlan0';
export const MACVTAP = 'macvtap0';

/** The bond, in the namespace `host` of the guest; a VLAN device on it, and one on that. */
export const BOND = 'bond0';
export const VLAN = 20;
export const INNER_VLAN = 30;

/**
 * The wiring that is built in each guest: a kernel bond with a leg to each of two leaves, which are kernel bonds that
 * share a system ID. `vm1` sends through a VLAN device above the bond, as VMs behind a bridge do; `vm2` writes the same
 * tag into its frames' own bytes. `vm3` has a macvlan on the bond, as containers do, and `vm4` a macvtap, as VMs of libvirt do.
 */
export const WORLD: Topology = {
  name: 'kernel-bond',
  description: 'A kernel bond with a leg to each of two leaves.',
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
      name: 'v20',
      vlan: VLAN,
      ipv4: '192.0.2.0/24',
      ipv6: '2001:db8:20::/64',
      gateway4: '192.0.2.1',
      gateway6: '2001:db8:20::1',
    },
  ],
  host: {
    node: 'host',
    nic: BOND,
    mac: '02:00:00:00:01:01',
    attachment: { type: 'native', network: 'native' },
    addresses: [{ network: 'native', ipv4: '198.51.100.10', ipv6: '2001:db8:1::10' }],
    plane: {
      traits: {
        kind: 'kernel-bond',
        variant: '802.3ad',
        lacp: true,
        spreads: 'flows',
        hears: { unicast: 'all', multicast: 'all' },
      },
      bond: BOND,
      options: {},
    },
  },
  vms: [
    {
      node: 'vm1',
      nic: `${BOND}.${VLAN}`,
      mac: '02:00:00:00:01:0a',
      hostPort: `${BOND}.${VLAN}`,
      attachment: { type: 'access', network: 'v20' },
      addresses: [{ network: 'v20', ipv4: '192.0.2.10', ipv6: '2001:db8:20::a' }],
    },
    {
      node: 'vm2',
      nic: BOND,
      mac: '02:00:00:00:01:0b',
      hostPort: BOND,
      attachment: { type: 'trunk', networks: ['v20'] },
      addresses: [{ network: 'v20', ipv4: '192.0.2.11', ipv6: '2001:db8:20::b' }],
    },
    {
      node: 'vm3',
      nic: MACVLAN,
      mac: '02:00:00:00:01:0c',
      hostPort: MACVLAN,
      attachment: { type: 'native', network: 'native' },
      addresses: [{ network: 'native', ipv4: '198.51.100.12', ipv6: '2001:db8:1::c' }],
    },
    {
      node: 'vm4',
      nic: MACVTAP,
      mac: '02:00:00:00:01:0d',
      hostPort: MACVTAP,
      attachment: { type: 'native', network: 'native' },
      addresses: [{ network: 'native', ipv4: '198.51.100.13', ipv6: '2001:db8:1::d' }],
    },
  ],
  leaves: ['a', 'b'].map((letter) => ({ name: `leaf-${letter}`, gatewayMac: '02:00:00:0f:00:01' })),
  legs: ['a', 'b'].map((letter, at) => ({
    name: `leg-${letter}`,
    leaf: `leaf-${letter}`,
    hostPort: `up-${letter}`,
    hostMac: `02:00:00:01:00:0${at + 1}`,
    leafPort: 'to-host',
    leafMac: `02:00:00:02:0${at + 1}:01`,
  })),
  lacp: { systemId: '02:00:00:0f:00:ac', key: 1 },
};
