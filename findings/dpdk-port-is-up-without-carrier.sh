#!/bin/bash
# A bond of Open vSwitch with two DPDK ports on interfaces of the kernel (driver af_packet), active-backup, no LACP. The cable of the active one is
# pulled; then the interface is shut as well.
# Guess: the driver passes the interface's link state on, so link_state becomes "down" and the bond goes over to the other port, as it does with
#        ports of the kernel; at the latest when the interface is shut by hand.
# Seen: the interface says NO-CARRIER, and then is not even UP; Open vSwitch says link_state "up", admin_state "up", both members enabled, and the
#       active one stays the dead one. The driver says that its link is up from the moment it is started (drivers/net/af_packet). Only LACP, or
#       another partner that falls silent, tells.
# Run on 2026-11-29: openvswitch-switch-dpdk 3.1.0-2+deb12u1, dpdk 22.11.11-0+deb12u1, kernel 6.18. No huge pages. Needs root, or user namespaces with /dev/net/tun open.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
dpdk=22.11.11-0+deb12u1
ovs=3.1.0-2+deb12u1
libraries='cryptodev dmadev eal ethdev hash kvargs mbuf mempool meter net pci rcu ring telemetry vhost net-af-packet bus-vdev bus-pci mempool-ring'
packages=()
for library in $libraries; do packages+=("librte-${library}23=$dpdk"); done
apt-get download -q openvswitch-common=$ovs openvswitch-switch=$ovs openvswitch-switch-dpdk=$ovs "${packages[@]}" \
  libunbound8 libxdp1 libbpf1 libelf1 libnuma1 libcap-ng0 libevent-2.1-7 libnghttp2-14 libfdt1 libbsd0 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
PATH=$(find "$work/root" -type d \( -name bin -o -name sbin \) | paste -sd:):$PATH
export LD_LIBRARY_PATH PATH
export OVS_RUNDIR=$work OVS_LOGDIR=$work OVS_DBDIR=$work OVS_SYSCONFDIR=$work RUNTIME_DIRECTORY=$work

cat >inside.sh <<'INSIDE'
set -euo pipefail
vs= db=
trap 'kill $vs $db 2>/dev/null; wait' EXIT
ip link set lo up
for leg in up-a up-b; do
  ip link add $leg type veth peer name $leg-far
  ip link set $leg up
  ip link set $leg-far up
done
ovsdb-tool create conf.db root/usr/share/openvswitch/vswitch.ovsschema
ovsdb-server conf.db --remote=punix:db.sock --unixctl=db.ctl 2>db.log &
db=$!
for _ in {1..50}; do [ -S db.sock ] && break; sleep 0.1; done
vsctl() { ovs-vsctl --timeout=60 --db=unix:db.sock "$@"; }
vsctl --no-wait init -- set Open_vSwitch . other_config:dpdk-init=true other_config:pmd-maxsleep=100 other_config:dpdk-extra="--no-huge --legacy-mem -m 128 --no-pci --no-shconf --no-telemetry -d librte_bus_vdev.so.23 -d librte_mempool_ring.so.23 -d librte_net_af_packet.so.23"
root/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk unix:"$PWD/db.sock" --unixctl=vs.ctl --disable-system >vs.log 2>&1 &
vs=$!
vsctl add-br br0 -- set bridge br0 datapath_type=netdev -- add-bond br0 bond0 up-a up-b bond_mode=active-backup other_config:bond-primary=up-a \
  -- set interface up-a type=dpdk options:dpdk-devargs=net_af_packet0,iface=up-a \
  -- set interface up-b type=dpdk options:dpdk-devargs=net_af_packet1,iface=up-b >/dev/null
say() {
  echo "$1: the kernel says $(ip -o link show up-a | grep -qw LOWER_UP && echo carrier || echo 'no carrier'), Open vSwitch says" \
    "$(vsctl get interface up-a link_state) $(vsctl get interface up-a admin_state)," \
    "active is $(ovs-appctl -t "$PWD/vs.ctl" bond/show bond0 | sed -n 's/^active member mac:.*(\(.*\))/\1/p')"
}
say 'before'
ip link set up-a-far down
# Link states are asked for every second or so.
sleep 4
say 'cable pulled'
ip link set up-a down
sleep 4
say 'shut'
INSIDE
said=$(unshare -Urn bash inside.sh 2>err || { cat err vs.log >&2; exit 1; })
echo "$said"
wanted='before: the kernel says carrier, Open vSwitch says up up, active is up-a
cable pulled: the kernel says no carrier, Open vSwitch says up up, active is up-a
shut: the kernel says no carrier, Open vSwitch says up up, active is up-a'
[ "$said" = "$wanted" ] || { echo "changed" >&2; exit 1; }
