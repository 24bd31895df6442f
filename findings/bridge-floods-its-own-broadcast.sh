#!/bin/bash
# `bcast_flood off` on a port of a Linux bridge is the flag to keep ARP requests from leaving there, for instance on the second uplink of a host.
# Guess: with it no broadcast leaves the port, whoever sends it.
# Seen: broadcasts of other ports are kept back; those of the bridge interface itself, the host's own stack, leave the port all the same. A host
#       that sends its VMs' ARP out of one uplink by this flag sends its own out of both. (br_flood in net/bridge/br_forward.c leaves frames of
#       the bridge's own device out of the test; man bridge, iproute2 6.1, says "controls flooding of broadcast traffic on the given port".)
# Run on 2026-11-27: kernel 6.18, iproute2 6.1.0-3, nftables 1.0.6-2+deb12u2. Needs root, or user namespaces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q iproute2=6.1.0-3 nftables=1.0.6-2+deb12u2 libnftables1 libbpf1 libmnl0 libelf1 libnftnl11 libjansson4 libedit2 libxtables12 iputils-ping >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$PWD/root/sbin:$PWD/root/bin:$PWD/root/usr/bin:$PWD/root/usr/sbin:$PATH
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export PATH LD_LIBRARY_PATH
cat >inside.sh <<'INSIDE'
set -euo pipefail
mount -t tmpfs none /run
mkdir /run/netns
ip link add sw type bridge
ip link set sw up
ip addr add 192.0.2.254/24 dev sw
for name in vm uplink; do
  ip netns add "$name"
  ip link add "port-$name" type veth peer name eth0 netns "$name"
  ip link set "port-$name" master sw up
  ip -n "$name" link set eth0 up
done
ip -n vm addr add 192.0.2.1/24 dev eth0
bridge link set dev port-uplink bcast_flood off
ip netns exec uplink nft -f - <<'RULES'
table netdev t {
  chain c {
    type filter hook ingress device "eth0" priority 0;
    ether type arp arp saddr ip 192.0.2.254 counter comment "own"
    ether type arp arp saddr ip 192.0.2.1 counter comment "forwarded"
  }
}
RULES
ping -c 1 -W 1 192.0.2.77 >/dev/null || true
ip netns exec vm ping -c 1 -W 1 192.0.2.88 >/dev/null || true
for who in own forwarded; do
  count=$(ip netns exec uplink nft list table netdev t | grep "\"$who\"" | grep -oE 'packets [0-9]+' | cut -d' ' -f2)
  if [ "$count" -gt 0 ]; then echo "$who: leaves the port"; else echo "$who: kept back"; fi
done
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
own: leaves the port
forwarded: kept back
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
