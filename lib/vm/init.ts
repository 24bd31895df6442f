import { BOOT_MODULES } from './moduleList.js';

/** The port over which a shell of the guest reads commands. */
export const SHELL_PORT = 'everyleaf.shell';
/** Printed on the serial console when the shell listens. */
export const READY = 'everyleaf-guest-ready';

/** First stage: a read-only root, with all that is written in memory. */
export const FIRST_STAGE = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for m in ${BOOT_MODULES.join(' ')}; do modprobe -q $m; done
mount -t erofs -o ro /dev/vda /ro
mount -t tmpfs tmpfs /rw
mkdir /rw/upper /rw/work
mount -t overlay -o lowerdir=/ro,upperdir=/rw/upper,workdir=/rw/work overlay /new
cp /second-stage /new/second-stage
for d in dev proc sys; do mount --move /$d /new/$d; done
exec switch_root /new /second-stage
`;

/**
 * Second stage, process 1 from then on. A port reads end-of-file while nobody is connected, and can be opened once: so
 * it is opened again and again.
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
for n in /sys/class/virtio-ports/*/name; do
  [ "$(cat $n)" = ${SHELL_PORT} ] || continue
  port=/dev/$(basename $(dirname $n))
  setsid sh -c "while :; do exec 3<>$port; sh <&3 >&3 2>&3; exec 3>&-; sleep 0.02; done" </dev/null >/dev/null 2>&1 &
done
echo "${READY} $(cut -d' ' -f1 /proc/uptime) $(uname -r)" > /dev/console
while :; do sleep 86400; done
`;
