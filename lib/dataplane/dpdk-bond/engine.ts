import { modeNumber, type Variant } from './traits.js';

/** DPDK's own test application, which forwards between its ports. */
export const PROGRAM = 'dpdk-testpmd';

/** The Debian package that has it, and with it all drivers. */
export const DEBIAN = 'dpdk-dev';

/**
 * Arguments of DPDK's EAL. Without huge pages memory is the process's own, MB. Nothing is shared with other processes,
 * and no device of this machine is touched.
 */
const EAL = ['--no-huge', '--legacy-mem', '-m', '64', '--no-pci', '--no-shconf', '--no-telemetry'];

/** Packet buffers of 2 KiB: each receiving ring of the driver has 512 frames, and each port keeps some. */
const BUFFERS = 4_096;

/** The bond is the port behind that of the VMs, 0, and those of the legs, from 1. */
export const bondPort = (legs: number): number => legs + 1;

/**
 * A port of DPDK on a network interface of the kernel. Through its queueing discipline, so that what is done to frames
 * on their way out is done to these, too.
 */
const device = (iface: string, index: number): string => `net_af_packet${index},iface=${iface},qdisc_bypass=0`;

/**
 * Devices of an application: the one towards the VMs, one for each leg, and their bond. Data is spread by addresses and
 * ports, in the modes that hash.
 */
export function devicesOf(variant: Variant, vms: string, legs: readonly string[]): readonly string[] {
  const members = legs.map((_, at) => `slave=net_af_packet${at + 1}`);
  const bond = ['net_bonding0', `mode=${modeNumber(variant)}`, ...members, 'xmit_policy=l34'];
  return [vms, ...legs].map(device).concat(bond.join(','));
}

/**
 * A command that runs the application in the foreground of a shell. Its arguments: a pipe (a FIFO, which it makes), through
 * which it is asked; a file for its process id; then the devices. Both of its threads may use any processor that the shell
 * may use; the one that polls keeps one busy.
 */
export function launch(
  pipe: string,
  pidFile: string,
  devices: readonly string[],
  bond = bondPort(devices.length - 2),
): readonly string[] {
  const vdevs = devices.map((one) => `--vdev=${one}`);
  const own = [
    `--portlist=0,${bond}`,
    '--forward-mode=io',
    `--total-num-mbufs=${BUFFERS}`,
    '--auto-start',
    '--interactive',
  ];
  // Open both ways, so that it never ends. Lines at once: what it prints is read while it runs.
  const script = `pipe=$1; echo $$ >"$2"; shift 2
test -p "$pipe" || mkfifo "$pipe"
cpus=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
exec stdbuf -oL ${PROGRAM} --lcores "(0,1)@($cpus)" "$@" 0<>"$pipe" 2>&1`;
  return ['sh', '-c', script, 'sh', pipe, pidFile, ...EAL, ...vdevs, '--', ...own];
}

/** A command that prints which DPDK it is: it says so when it starts, and then says how it is used. */
export const VERSION = [
  'sh',
  '-c',
  `command -v ${PROGRAM} >/dev/null || { echo 'not found'; exit; }; own=$(mktemp -d) || exit
RUNTIME_DIRECTORY=$own ${PROGRAM} -v ${EAL.join(' ')} -- --help </dev/null 2>&1 | sed -n "s/.*RTE Version: '\\(.*\\)'.*/\\1/p"
rm -rf "$own"`,
] as const;

/** What it prints when frames pass. */
export const FORWARDS = /^io packet forwarding - /;
