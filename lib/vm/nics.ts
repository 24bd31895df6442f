import { MOST_NICS, pfOf, wireOf } from '../testbed/nics.js';
import { moveInterfaces, READ_AGENT } from './interfaces.js';

/** One for each leg that a host can have. */
export const NICS = Array.from({ length: MOST_NICS }, (_, index) => ({ pf: pfOf(index), wire: wireOf(index) }));

const macOf = (what: 'pf' | 'wire', index: number) => `02:00:00:00:0${what === 'pf' ? 7 : 8}:0${index}`;

/** What QEMU calls the NIC's own end of its cable. */
export const netdevOf = (index: number): string => `nic${index}`;

/** The guest's root ports begin here; numbers below are of the machine itself. */
const FIRST_SLOT = 16;

/**
 * Options of QEMU for one NIC. It needs a PCI Express port of its own; what is at the other end of its cable is a second,
 * simple one of the same guest, behind a hub.
 */
export function nicDevices(index: number): readonly string[] {
  const pf = netdevOf(index);
  const wire = `cable${index}`;
  const port = FIRST_SLOT + index;
  return [
    ...['-netdev', `hubport,id=${pf},hubid=${index}`, '-netdev', `hubport,id=${wire},hubid=${index}`],
    ...['-device', `pcie-root-port,id=port${index},chassis=${port},slot=${port}`],
    ...['-device', `igb,bus=port${index},netdev=${pf},mac=${macOf('pf', index)}`],
    ...['-device', `virtio-net-pci,netdev=${wire},mac=${macOf('wire', index)}`],
  ];
}

const PCI = '/sys/bus/pci/devices';

/** All NICs get their names, and are where labs are. */
export const MOVE_NICS: readonly string[] = moveInterfaces(
  NICS.flatMap((nic, index) => (['pf', 'wire'] as const).map((what) => ({ mac: macOf(what, index), name: nic[what] }))),
);

/**
 * Makes VFs, and brings them to where labs are: `vf0.1` is number 1 of NIC 0. The kernel makes each in the first network
 * namespace, wherever its PF is. Starting a program takes a guest tens of ms: one `ip` moves all.
 */
export function makeVfs(count: number): string {
  const numbers = Array.from({ length: count }, (_, number) => number);
  return [
    'set -e',
    READ_AGENT,
    'cards= lines=',
    `for one in ${PCI}/*; do [ ! -e $one/sriov_numvfs ] || cards="$cards $one"; done`,
    'set -- $cards',
    ...NICS.flatMap((_, index) => [
      `echo ${count} > $${index + 1}/sriov_numvfs`,
      ...numbers.flatMap((number) => [
        `for vf in $${index + 1}/virtfn${number}/net/*; do :; done`,
        `lines="$lines
link set dev \${vf##*/} name ${vfName(index, number)} addrgenmode none
link set dev ${vfName(index, number)} netns $agent"`,
      ]),
    ]),
    'echo "$lines" | ip -batch -',
  ].join('\n');
}

/** Name of a VF that nobody has yet. */
export const vfName = (nic: number, number: number): string => `vf${nic}.${number}`;

/** All VFs go, wherever they are. */
export const DROP_VFS = `for one in ${PCI}/*/sriov_numvfs; do echo 0 > $one; done`;
