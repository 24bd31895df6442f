#!/bin/bash
# Open vSwitch in user space is itself the end of a VXLAN tunnel (as with DPDK): it asks by ARP for the next hop. A VM sends four frames at once through the tunnel to
# each of eight hosts, 0.3 s after each other; nobody answers. How often is each next hop asked for?
# Guess: once, or as kernels do: once a second, three times.
# Seen: again within half a second, some a third time, and then never until there is another frame. A request is made when a frame is looked at, and again when
#       the flow that came of it is looked at once more (every 500 ms, or at once where no flow was there before: 169 to 290 us after the first one in
#       six tries). So whoever captures on a leaf sees a question again sooner than any host's stack repeats it: that is no copy of a replicator.
# Run on 2026-11-30: openvswitch-switch 3.1.0-2+deb12u1, kernel 6.18. Needs root.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q openvswitch-common=3.1.0-2+deb12u1 openvswitch-switch=3.1.0-2+deb12u1 tcpdump=4.99.3-1 libpcap0.8 libdbus-1-3 \
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
mount -t sysfs sys /sys
vs= db= dump=
trap 'kill $vs $db $dump 2>/dev/null; wait' EXIT
ip link set lo up
for name in leg vm; do
  ip link add "$name" type veth peer name "$name-far"
  for end in "$name" "$name-far"; do
    echo 1 >"/proc/sys/net/ipv6/conf/$end/disable_ipv6"
    ip link set "$end" up
  done
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
vsctl add-br br0 -- set bridge br0 datapath_type=netdev -- add-port br0 leg
vsctl add-br tenants -- set bridge tenants datapath_type=netdev fail_mode=secure -- add-port tenants vm
ip addr add 192.0.2.1/24 dev br0
ip link set br0 up
for n in {10..17}; do
  vsctl add-port tenants "to$n" -- set interface "to$n" type=vxlan options:remote_ip="192.0.2.$n" options:key=7 ofport_request="$n"
  ovs-ofctl add-flow "unix:$PWD/tenants.mgmt" "dl_dst=02:00:00:00:02:$n,actions=output:$n"
done
tcpdump -Z root -U -ni leg-far -w leaf.pcap arp 2>dump.log &
dump=$!
until grep -q 'listening on' dump.log; do sleep 0.05; done
perl -e '
  socket(my $out, 17, 3, 0) or die $!;
  my $index = `cat /sys/class/net/vm-far/ifindex`;
  for my $host (10 .. 17) {
    send($out, pack("H*", "0200000002${host}0200000001ee0800" . "00" x 50), 0, pack("S n i x12", 17, 0, $index)) or die $! for 1 .. 4;
    select undef, undef, undef, 0.3;
  }'
# Two looks of the switch at its flows, for what may come still.
sleep 1.5
tcpdump -Z root -ntt -r leaf.pcap 2>/dev/null | awk '
  { at = $1; sub(/.*who-has /, ""); asked[$1]++ }
  asked[$1] == 1 { first[$1] = at }
  asked[$1] == 2 && at - first[$1] < 0.7 { soon++ }
  END { print soon + 0, "of", length(asked), "next hops were asked for again within 0.7 s" }'
INSIDE
timeout 120 unshare --net --mount bash inside.sh >seen 2>err || { cat err vs.log >&2; exit 1; }
cat seen
cat >expected <<'EXPECTED'
8 of 8 next hops were asked for again within 0.7 s
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
