import { BOOT_MODULES } from './moduleList.js';

/** The port over which a shell of the guest reads commands. */
export const SHELL_PORT = 'everyleaf.shell';
/** The ports of the agent: calls, and chunks (lib/agent/channels.ts). */
export const CALLS_PORT = 'everyleaf.calls';
export const CHUNKS_PORT = 'everyleaf.chunks';
/** Where a guest has our programs. */
export const PROGRAMS_FOLDER = '/opt/everyleaf';
/** What starts Node there, whatever the guest's own libraries are: Node's own loader, with its own libraries. */
export const NODE: readonly string[] = [
  `${PROGRAMS_FOLDER}/lib/loader`,
  '--library-path',
  `${PROGRAMS_FOLDER}/lib`,
  `${PROGRAMS_FOLDER}/node`,
];
/** The agent has written to it when it listens. */
export const AGENT_LISTENS = '/run/agent';
/** Between two shells, s: one ends at once while nobody is connected, and a guest that only starts shells does nothing else. */
const SHELL_AGAIN = 0.02;
/** Printed on the serial console when the shell listens. */
export const READY = 'everyleaf-guest-ready';

/**
 * First stage: a read-only root, with all that is written in memory.
 *
 * @param before modules that are loaded before all others, where the kernel has them
 */
export const firstStage = (before: readonly string[]): string => `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for m in ${[...before, ...BOOT_MODULES].join(' ')}; do modprobe -q $m; done
mount -t erofs -o ro /dev/vda /ro
mount -t tmpfs tmpfs /rw
mkdir /rw/upper /rw/work
mount -t overlay -o lowerdir=/ro,upperdir=/rw/upper,workdir=/rw/work overlay /new
cp /second-stage /new/second-stage
for d in dev proc sys; do mount --move /$d /new/$d; done
exec switch_root /new /second-stage
`;

/**
 * As on other machines, the agent is in namespaces of its own. With its own loader and libraries Node runs whatever the
 * guest's are.
 */
const AGENT = `unshare --mount --pid --net --ipc --uts --fork --kill-child --mount-proc -- ${NODE.join(' ')} ${PROGRAMS_FOLDER}/agent.js`;

/**
 * Second stage, process 1 from then on. A port reads end-of-file while nobody is connected: so a shell is started again
 * and again. The port itself stays open. When it is closed the kernel throws away what has come in meanwhile
 * (drivers/char/virtio_console.c, port_fops_release): after a restore, the first command.
 */
export const SECOND_STAGE = `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/openvswitch /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t cgroup2 cgroup /sys/fs/cgroup
mount -t debugfs debug /sys/kernel/debug
ln -sf /proc/self/fd /dev/fd
hostname guest
ip link set lo up
port() {
  for n in /sys/class/virtio-ports/*/name; do [ "$(cat $n)" != "$1" ] || echo /dev/$(basename $(dirname $n)); done
}
setsid sh -c "exec 3<>$(port ${SHELL_PORT}); while :; do sh <&3 >&3 2>&3; sleep ${SHELL_AGAIN}; done" </dev/null >/dev/null 2>&1 &
mkdir -p ${PROGRAMS_FOLDER}
mount -t erofs -o ro /dev/vdb ${PROGRAMS_FOLDER}
setsid ${AGENT} $(port ${CALLS_PORT}) $(port ${CHUNKS_PORT}) </dev/null >${AGENT_LISTENS} 2>&1 &
echo "${READY} $(cut -d' ' -f1 /proc/uptime) $(uname -r)" > /dev/console
while :; do sleep 86400; done
`;
