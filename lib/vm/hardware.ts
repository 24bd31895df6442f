import type { Need } from '../testbed/testbed.js';
import type { ModuleGroup } from './moduleList.js';
import { CABLE_DEVICES, CABLES_OUTSIDE, MOVE_CABLES } from './cables.js';
import { MOVE_NICS, NICS, nicDevices } from './nics.js';

/** Which of the kernels that Debian builds from one source: the small one for guests, or the one with drivers of real NICs. */
export type Flavour = 'cloud-amd64' | 'amd64';

/** What a guest has besides a CPU, memory, disks and the ports of its agent. */
export interface Hardware {
  readonly name: string;
  readonly flavour: Flavour;
  /** Its drivers, which no guest without it loads. A kernel that lacks one cannot have it. */
  readonly modules: readonly ModuleGroup[];
  /**
   * What the first stage loads before all else: the modprobe of busybox knows no soft dependencies. Older kernels of this
   * flavour have the check sum of the root's file system as such a module.
   */
  readonly early: readonly string[];
  /** Options of a kernel's build that give it these drivers, for a message. */
  readonly config: string;
  /** Options of QEMU. */
  readonly devices: readonly string[];
  /**
   * A script of sh(1) that makes in a network namespace of QEMU's own what its devices are joined to, and makes way for its arguments;
   * null where they are joined to nothing outside.
   */
  readonly outside: string | null;
  /** The oldest QEMU that has these devices, its first number; null for any. */
  readonly qemu: number | null;
  /** What a guest's own shell does, once the drivers are loaded and the agent listens, before its snapshot is made. */
  readonly prepare: readonly string[];
}

export const PLAIN: Hardware = {
  name: 'plain',
  flavour: 'cloud-amd64',
  modules: [],
  early: [],
  config: '',
  devices: [],
  outside: null,
  qemu: null,
  prepare: [],
};

/** NICs with virtual functions: QEMU's model of Intel's 82576. */
export const SRIOV: Hardware = {
  name: 'sriov',
  flavour: 'amd64',
  modules: [
    { costs: 'NICs with SR-IOV', modules: ['igb', 'igbvf'] },
    { costs: 'the cables of these NICs', modules: ['virtio_net'] },
  ],
  early: ['crc32c_generic'],
  config: 'CONFIG_IGB, CONFIG_IGBVF and CONFIG_VIRTIO_NET',
  devices: NICS.flatMap((_, index) => nicDevices(index)),
  outside: null,
  // Of April 2023: https://wiki.qemu.org/ChangeLog/8.0
  qemu: 8,
  prepare: MOVE_NICS,
};

/** A virtio NIC with several queues at both ends of each leg, and the cables between them outside. */
export const VIRTIO: Hardware = {
  name: 'virtio',
  flavour: 'cloud-amd64',
  modules: [{ costs: 'virtio NICs', modules: ['virtio_net'] }],
  early: [],
  config: 'CONFIG_VIRTIO_NET',
  devices: CABLE_DEVICES,
  outside: CABLES_OUTSIDE,
  qemu: null,
  prepare: MOVE_CABLES,
};

/** What a guest must have for labs with these needs. */
export function hardwareFor(needs: readonly Need[] = []): Hardware {
  if (needs.includes('nic:sriov')) return SRIOV;
  return needs.includes('nic:virtio') ? VIRTIO : PLAIN;
}
