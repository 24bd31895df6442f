/**
 * Namespaces of a lab on a machine, and the ports that were moved into them, as they were: POSIX shell, for a guard that
 * may run it when nobody is there. It works wherever the lab was left, also where it was never begun.
 *
 * $1: the beginning of the lab's namespaces, $2: its folder; then a namespace, a port and `up` or `down` for each port.
 * A switch that was killed leaves its ports promiscuous. A namespace is removed only when its ports are back: a port that is a veth would go with it.
 */
export const GIVE_BACK = `
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
all() { ip netns list | sed -n "s/^\\($lab[^ ]*\\).*/\\1/p"; }
lab=$1 folder=$2 r=0; shift 2
for n in $(all); do for p in $(ip netns pids "$n"); do kill -KILL "$p"; done; done
while [ $# -gt 0 ]; do
  [ -e /sys/class/net/"$2" ] || ip -n "$1" link set dev "$2" netns $$ || r=1
  ip link set dev "$2" promisc off
  [ "$3" = down ] || ip link set dev "$2" up || r=1
  shift 3
done
[ $r = 0 ] || exit 1
for n in $(all); do ip netns del "$n" || r=1; done
rm -rf "$folder"
exit $r
`.trim();

/** Succeeds when all these ports are there. */
export const ARE_BACK = 'for p do [ -e /sys/class/net/"$p" ] || exit 1; done';
