#!/bin/bash
# A bridge of Open vSwitch has a controller at a TCP address, fail_mode=secure, and one flow of the highest priority that OpenFlow has: drop. The host asks by
# ARP for addresses behind the bridge. What leaves?
# Guess: nothing. The flow matches everything, nothing is above it, and secure means that the switch does nothing of its own.
# Seen: the host's ARP requests leave, by flows of priority 180002 (ofproto/in-band.c): a switch takes for granted that it must reach its controller over the
#       network that it forwards itself, and so lets its own ARP through, whether that is so or not, even with a controller on 127.0.0.1. `ovs-ofctl
#       dump-flows` shows the drop alone; only `ovs-appctl bridge/dump-flows` shows the rest. Thus no flow can have these requests copied, counted or
#       kept back; ARP replies of the host, and ND, obey. connection_mode=out-of-band at the controller ends it, and so does disable-in-band.
# Run on 2026-11-30: openvswitch-switch 3.1.0-2+deb12u1, kernel 6.18. Needs root, or user namespaces with /dev/net/tun open.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q openvswitch-common=3.1.0-2+deb12u1 openvswitch-switch=3.1.0-2+deb12u1 \
  libunbound8 libxdp1 libbpf1 libelf1 libnuma1 libcap-ng0 libevent-2.1-7 libnghttp2-14 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
PATH=$(find "$work/root" -type d \( -name bin -o -name sbin \) | paste -sd:):$PATH
VSWITCHD=$(find "$work/root" -name 'ovs-vswitchd*' -type f -perm -u+x -path '*lib*' -print -quit)
[ -n "$VSWITCHD" ] || VSWITCHD=$(command -v ovs-vswitchd)
export LD_LIBRARY_PATH PATH VSWITCHD
export OVS_RUNDIR=$work OVS_LOGDIR=$work OVS_DBDIR=$work OVS_SYSCONFDIR=$work OVS_PKGDATADIR=$work/root/usr/share/openvswitch

cat >inside.sh <<'INSIDE'
set -euo pipefail
vs= db=
trap 'kill $vs $db 2>/dev/null; wait' EXIT
ip link set lo up
ip link add leg type veth peer name leaf
# Or their own kernel ends send, too.
for end in leg leaf; do
  echo 1 >"/proc/sys/net/ipv6/conf/$end/disable_ipv6"
  ip link set "$end" up
done
ovsdb-tool create conf.db root/usr/share/openvswitch/vswitch.ovsschema
ovsdb-server conf.db --remote=punix:db.sock --unixctl=db.ctl 2>db.log &
db=$!
for _ in {1..50}; do [ -S db.sock ] && break; sleep 0.1; done
vsctl() { ovs-vsctl --timeout=20 --db=unix:db.sock "$@"; }
vsctl --no-wait init
"$VSWITCHD" unix:"$PWD/db.sock" --unixctl=vs.ctl --disable-system 2>vs.log &
vs=$!
for _ in {1..50}; do [ -S vs.ctl ] && break; sleep 0.1; done
vsctl add-br br0 -- set bridge br0 datapath_type=netdev fail_mode=secure -- add-port br0 leg
ip addr add 192.0.2.1/24 dev br0
ip link set br0 up
ovs-ofctl add-flow "unix:$PWD/br0.mgmt" priority=65535,actions=drop

above() { ovs-appctl -t "$PWD/vs.ctl" bridge/dump-flows br0 | grep -c 'priority=18' || :; }
requests() { ovs-ofctl dump-ports "unix:$PWD/br0.mgmt" leg | sed -nE 's/ *tx pkts=([0-9]+).*/\1/p'; }
next=10
# $1: what it is. Asks until one request has left, at most eight times; each of ping's asks goes out at once, and again after a second.
trial() {
  before=$(requests) left=no
  for _ in {1..8}; do
    next=$((next + 1))
    ping -c 1 -W 1 "192.0.2.$next" >/dev/null 2>&1 || :
    [ "$(requests)" = "$before" ] || { left=yes; break; }
  done
  echo "$1: requests leave: $left; flows above the drop: $(above); the controller's list has $(ovs-ofctl dump-flows "unix:$PWD/br0.mgmt" | grep -c priority=)"
}
# The switch tries to connect, and knows its rules from the first try on.
named() { for _ in {1..80}; do [ "$(above)" = "$1" ] && break; sleep 0.1; done; }
trial 'no controller'
vsctl set-controller br0 tcp:127.0.0.1:6653
ovs-ofctl add-flow "unix:$PWD/br0.mgmt" priority=65535,actions=drop
named 7
trial 'tcp:127.0.0.1, where nobody listens'
vsctl set controller br0 connection_mode=out-of-band
named 0
trial 'out-of-band'
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
timeout 120 unshare "${own[@]}" --net bash inside.sh >seen 2>err || { cat err vs.log >&2; exit 1; }
cat seen
cat >expected <<'EXPECTED'
no controller: requests leave: no; flows above the drop: 0; the controller's list has 1
tcp:127.0.0.1, where nobody listens: requests leave: yes; flows above the drop: 7; the controller's list has 1
out-of-band: requests leave: no; flows above the drop: 0; the controller's list has 1
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
