#!/bin/bash
# br_netfilter hands what a bridge forwards to iptables and ip6tables, and is on where containers or VM managers have loaded it. Test frames of
# bridges and leaf switches often carry a mark in the Ethernet trailer, behind the packet, and short frames carry padding there.
# Guess: whether the hooks are called or not, a bridge forwards the bytes of a frame as they came.
# Seen: with bridge-nf-call-ip6tables=1 everything behind the IPv6 packet is cut off (a Neighbor Solicitation of 102 bytes leaves with 78), with no
#       rule in any table; with 0 it leaves whole. ARP leaves whole either way. So a mark in the trailer survives ARP and not Neighbor Discovery.
# Run on 2026-11-27: kernel 6.18, iproute2 6.1.0-3, tcpdump 4.99.3-1. Needs root, or user namespaces, and br_netfilter.
set -euo pipefail
# tcpdump says in a file that it listens, which gives no event: 10 s of looks, where it takes 20 ms.
export LOOKS=200 LOOK_S=0.05
[ -e /proc/sys/net/bridge/bridge-nf-call-ip6tables ] || { echo 'br_netfilter is not loaded here: nothing to see'; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q iproute2=6.1.0-3 tcpdump=4.99.3-1 libbpf1 libmnl0 libelf1 libpcap0.8 libdbus-1-3 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$PWD/root/sbin:$PWD/root/bin:$PWD/root/usr/bin:$PWD/root/usr/sbin:$PATH
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export PATH LD_LIBRARY_PATH
cat >inside.sh <<'INSIDE'
set -euo pipefail
mount -t tmpfs none /run
mkdir /run/netns
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
ip link add sw type bridge
ip link set sw up
for name in a b; do
  ip netns add "$name"
  ip netns exec "$name" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
  ip link add "port-$name" type veth peer name eth0 netns "$name"
  ip link set "port-$name" master sw up
  ip -n "$name" link set eth0 address "02:00:00:00:00:0$name" up
done
index=$(ip netns exec a cat /sys/class/net/eth0/ifindex)
send() { # hex
  ip netns exec a perl -e 'use Socket; my ($index, $hex) = @ARGV; socket(my $s, 17, 3, 0) or die;
    send($s, pack("H*", $hex), 0, pack("S n i S C C a8", 17, 3, $index, 0, 0, 6, "")) or die $!;' "$index" "$1"
}
trailer=$(printf 'ab%.0s' $(seq 24))
arp=ffffffffffff02000000000a08060001080006040001
arp=${arp}02000000000ac0000201000000000000c0000202$trailer
ns=3333ff00000202000000000a86dd6000000000183aff
ns=${ns}20010db8000000000000000000000001ff0200000000000000000001ff000002
ns=${ns}870000000000000020010db8000000000000000000000002$trailer
for on in 1 0; do
  for table in iptables ip6tables arptables; do echo "$on" >"/proc/sys/net/bridge/bridge-nf-call-$table"; done
  ip netns exec b timeout 20 tcpdump -i eth0 -Q in -n -e -c 2 ether src 02:00:00:00:00:0a >frames 2>words &
  for _ in $(seq "$LOOKS"); do grep -q 'listening on' words && break || sleep "$LOOK_S"; done
  send "$arp"
  send "$ns"
  wait $!
  echo "hooks $on: ARP of $((${#arp} / 2)) bytes leaves with $(grep ARP frames | grep -oE 'length [0-9]+: Req' | grep -oE '[0-9]+'), NS of $((${#ns} / 2)) with $(grep -oE 'IPv6 \(0x86dd\), length [0-9]+' frames | grep -oE '[0-9]+$')"
done
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-current-user --keep-caps)
unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
hooks 1: ARP of 66 bytes leaves with 66, NS of 102 with 78
hooks 0: ARP of 66 bytes leaves with 66, NS of 102 with 102
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
