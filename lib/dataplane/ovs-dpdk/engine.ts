import { map } from '../../ovs/bridge.js';
import type { Engine } from '../../ovs/bond/hostBridge.js';

/** The build of ovs-vswitchd with DPDK, beside the other one (Debian's openvswitch-switch-dpdk). */
export const PROGRAM = '/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk';

/**
 * Arguments of DPDK's EAL. Without huge pages memory is the process's own, which needs `--legacy-mem` beside
 * `--no-huge`: Open vSwitch adds `--in-memory` to everything else, and DPDK 22.11 refuses that pair. Nothing is shared
 * with other processes, and no device of this machine is touched.
 */
const EAL = '--no-huge --legacy-mem -m 128 --no-pci --no-shconf --no-telemetry';

/**
 * `other_config` of the switch (ovs-vswitchd.conf.db(5)). Its polling thread sleeps up to 100 us where no frame comes,
 * instead of keeping a processor to itself: the option's name in 3.1, and that of later versions.
 */
export const CONFIG = {
  'dpdk-init': 'true',
  'dpdk-extra': EAL,
  'pmd-maxsleep': '100',
  'pmd-sleep-max': '100',
} as const;

/**
 * A DPDK port on a network interface of the kernel. Through its queueing discipline, so that what is done to frames on
 * their way out is done to these, too.
 */
export function devargs(hostPort: string, index: number): string {
  return `net_af_packet${index},iface=${hostPort},qdisc_bypass=0`;
}

export const DPDK: Engine = {
  program: PROGRAM,
  config: CONFIG,
  legColumns: (hostPort, index) => ({ type: 'dpdk', options: map({ 'dpdk-devargs': devargs(hostPort, index) }) }),
};
