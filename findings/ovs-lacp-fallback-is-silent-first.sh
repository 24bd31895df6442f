#!/bin/bash
# A bond of Open vSwitch in balance-tcp with lacp-time=fast and lacp-fallback-ab=true. Both of its partners stop speaking LACP; the carrier stays.
# A VM sends 10 frames a second by NORMAL. Beside them others go to both legs by number, "output:LEG,output:LEG", as copies of ARP would.
# Guess: 3 s after the last LACPDU the partners count as gone, and the bond goes on as active-backup at once, or after some ms. Without the fallback it
#       sends nothing from then on. What goes to a leg by number goes the same way as all else: nowhere while the leg is disabled.
# Seen: with the fallback, frames leave for 3 s as before; then not one for 3 s ("expired"); then ("defaulted") all of them on one leg. Without it,
#       none from the third second on. And frames to a leg by number leave on both legs all the time, with no gap at all, also where the bond is mute
#       for good: a member's state counts for NORMAL and for output to the bond alone.
# Run on 2026-11-30: openvswitch-switch 3.1.0-2+deb12u1, tcpdump 4.99.3-1, kernel 6.18. Needs root, or user namespaces with /dev/net/tun open.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q openvswitch-common=3.1.0-2+deb12u1 openvswitch-switch=3.1.0-2+deb12u1 tcpdump=4.99.3-1 libpcap0.8 libdbus-1-3 libibverbs1 \
  libnl-3-200 libnl-route-3-200 libunbound8 libxdp1 libbpf1 libelf1 libnuma1 libcap-ng0 libevent-2.1-7 libnghttp2-14 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
PATH=$(find "$work/root" -type d \( -name bin -o -name sbin \) | paste -sd:):$PATH
VSWITCHD=$(find "$work/root" -name 'ovs-vswitchd*' -type f -perm -u+x -path '*lib*' -print -quit)
[ -n "$VSWITCHD" ] || VSWITCHD=$(command -v ovs-vswitchd)
export LD_LIBRARY_PATH PATH VSWITCHD
export OVS_RUNDIR=$work OVS_LOGDIR=$work OVS_DBDIR=$work OVS_SYSCONFDIR=$work OVS_PKGDATADIR=$work/root/usr/share/openvswitch

cat >inside.sh <<'INSIDE'
set -euo pipefail
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait' EXIT
# As root it gives its rights up, else it has none to give.
as=()
[ "$(id -u)" != 0 ] || as=(-Z root)
ip link set lo up
for port in vm up-a up-b; do
  ip link add $port type veth peer name $port-far
  for end in $port $port-far; do
    ip link set $end addrgenmode none
    ip link set $end up
  done
done
ovsdb-tool create conf.db root/usr/share/openvswitch/vswitch.ovsschema
ovsdb-server conf.db --remote=punix:db.sock --unixctl=db.ctl 2>db.log &
pids+=($!)
for _ in {1..50}; do [ -S db.sock ] && break; sleep 0.1; done
vsctl() { ovs-vsctl --db=unix:db.sock "$@"; }
vsctl --no-wait init
"$VSWITCHD" unix:"$PWD/db.sock" --unixctl=vs.ctl --disable-system 2>vs.log &
pids+=($!)
for _ in {1..50}; do [ -S vs.ctl ] && break; sleep 0.1; done
ask() { ovs-appctl -t "$PWD/vs.ctl" "$@"; }

# Both frames of the VM, 10 times a second, for so many seconds: one for NORMAL, one for the legs by number.
send() {
  perl -e 'use Socket; my ($s, $seconds, $index) = (undef, @ARGV); socket($s, 17, 3, 0) or die;
    my $to = pack("S n i S C C a8", 17, 0, $index, 0, 0, 6, "");
    for (1 .. 10 * $seconds) {
      for my $type ("88b5", "88b6") { send($s, pack("H*", "02000000010b02000000010a$type") . "\0" x 46, 0, $to) or die }
      select(undef, undef, undef, 0.1);
    }' "$1" "$(ip -o link show vm-far | cut -d: -f1)"
}
# /sys would show those of another namespace.
mac() { ip -o link show "$1" | sed 's/.*ether \([0-9a-f:]*\).*/\1/'; }
# Whole seconds, rounded.
round() { awk '{ printf "%d", $1 + 0.5 }'; }

# $1: the fallback. Says when frames left after the last LACPDU of a partner.
trial() {
  fast=other_config:lacp-time=fast
  vsctl add-br host -- set bridge host datapath_type=netdev -- add-port host vm \
    -- add-bond host bond0 up-a up-b bond_mode=balance-tcp lacp=active $fast other_config:lacp-fallback-ab="$1" \
    -- add-br leaf -- set bridge leaf datapath_type=netdev -- add-bond leaf bond1 up-a-far up-b-far bond_mode=balance-tcp lacp=active $fast
  number() { vsctl get interface "$1" ofport; }
  ovs-ofctl add-flow "unix:$PWD/host.mgmt" "dl_type=0x88b6,actions=output:$(number up-a),output:$(number up-b)"
  for _ in {1..100}; do ask bond/show bond0 | grep -q 'lacp_status: negotiated' && break; sleep 0.1; done
  watchers=()
  for leg in up-a up-b; do
    tcpdump --immediate-mode "${as[@]}" -lttnei $leg-far >$leg.txt 2>$leg.err &
    watchers+=($!)
    for _ in {1..50}; do grep -qs listening $leg.err && break; sleep 0.1; done
  done
  pids+=("${watchers[@]}")
  send 14 &
  sender=$!
  # A second of the usual life first.
  sleep 1
  vsctl set port bond1 lacp=off
  wait $sender
  kill "${watchers[@]}"
  wait "${watchers[@]}" 2>/dev/null || :
  # By the MAC of the partner's port: its last LACPDU.
  last=$(for leg in up-a up-b; do grep -i 'ethertype Slow Protocols' $leg.txt | grep "$(mac $leg-far) >" | tail -1 | cut -d' ' -f1; done | sort -n | tail -1)
  for leg in up-a up-b; do awk -v leg=$leg -v last="$last" '/0x88b5/ { print $1 - last, leg }' $leg.txt; done | sort -n >normal.txt
  # The longest pause of NORMAL's frames.
  awk '{ if (NR > 1 && $1 - t > most) { most = $1 - t; from = t; } t = $1 } END { print from, most, t }' normal.txt >pause.txt
  read -r from pause end <pause.txt
  if awk -v end="$end" 'BEGIN { exit !(end < 4) }'; then
    echo "fallback $1: NORMAL leaves for $(echo "$end" | round) s after the last LACPDU, then no more"
  else
    echo "fallback $1: NORMAL leaves for $(echo "$from" | round) s after the last LACPDU, pauses for $(echo "$pause" | round) s, then on $(awk -v from="$from" '$1 > from + 0.01 { print $2 }' normal.txt | sort -u | wc -l) leg"
  fi
  for leg in up-a up-b; do
    echo "  by number, on $leg: $(awk '/0x88b6/ { if (t && $1 - t > most) most = $1 - t; t = $1; n++ } END { print (n >= 135 && n <= 140 ? "all" : n), (most < 1 ? "without a gap" : "with a gap of " most) }' $leg.txt)"
  done
  vsctl del-br host -- del-br leaf
}
trial true
trial false
INSIDE
own=(--map-current-user --keep-caps)
[ "$(id -u)" != 0 ] || own=()
said=$(timeout 120 unshare "${own[@]}" --net bash inside.sh 2>err || { cat err vs.log >&2; exit 1; })
echo "$said"
wanted='fallback true: NORMAL leaves for 3 s after the last LACPDU, pauses for 3 s, then on 1 leg
  by number, on up-a: all without a gap
  by number, on up-b: all without a gap
fallback false: NORMAL leaves for 3 s after the last LACPDU, then no more
  by number, on up-a: all without a gap
  by number, on up-b: all without a gap'
[ "$said" = "$wanted" ] || { echo "changed" >&2; exit 1; }
