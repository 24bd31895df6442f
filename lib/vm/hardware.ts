import type { Need } from '../testbed/testbed.js';
import type { ModuleGroup } from './moduleList.js';
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
  /** Options of QEMU. */
  readonly devices: readonly string[];
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
  devices: [],
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
  devices: NICS.flatMap((_, index) => nicDevices(index)),
  // Of April 2023: https://wiki.qemu.org/ChangeLog/8.0
  qemu: 8,
  prepare: MOVE_NICS,
};

/** What a guest must have for labs with these needs. */
export const hardwareFor = (needs: readonly Need[] = []): Hardware => (needs.includes('nic:sriov') ? SRIOV : PLAIN);
