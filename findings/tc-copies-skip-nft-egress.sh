#!/usr/bin/env bash
# Subject: copies that tc makes at the egress of one port (mirred egress mirror), and the egress hook of nftables at the other port.
# Guess: a copy leaves on the other port like any frame. So nft rules at that port's egress hook count it, and can drop it, just as copies by nft "dup to"
#        pass both the nft and the tc hook of the port to which they go.
# What happens: the copy never passes the nft hook of the other port: its counter stays at 0 while the frame comes out of the wire, and "drop" there
#        drops nothing. tc's own hook at that port sees it. A copy by nft passes both. The kernel sets nf_skip_egress while tc's hook runs, and the copy
#        keeps it (include/linux/netfilter_netdev.h; net/core/dev.c, __dev_queue_xmit). So a filter or a counter in nft on an uplink knows nothing of
#        frames that are replicated by tc or by a BPF program there.
# Versions: iproute2 6.1.0-3, nftables 1.0.6-2+deb12u2, tcpdump 4.99.3-1, Linux 6.18. Needs root and python3. Date: 2026-11-29.
set -euo pipefail
fail() { echo "changed: $1" >&2; exit 1; }
folder=$(mktemp -d)
ns="finding-$$"
trap 'ip netns del "$ns" 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
apt-get download -q iproute2=6.1.0-3 nftables=1.0.6-2+deb12u2 tcpdump=4.99.3-1 libnftables1=1.0.6-2+deb12u2 libpcap0.8=1.10.3-1 libbpf1 libmnl0 libelf1 libbsd0 libcap2 libdb5.3 \
  libtirpc3 libxtables12 libnftnl11 libjansson4 libedit2 libdbus-1-3 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$folder/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
PATH=$folder/root/sbin:$folder/root/usr/sbin:$folder/root/bin:$folder/root/usr/bin:$PATH
export PATH LD_LIBRARY_PATH
ip netns add "$ns"
in_ns() { ip netns exec "$ns" "$@"; }
in_ns sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for uplink in one two; do
  in_ns ip link add "up$uplink" type veth peer name "far$uplink"
  in_ns ip link set "up$uplink" up
  in_ns ip link set "far$uplink" up
  in_ns tc qdisc add dev "up$uplink" clsact
done
# What tc sees at the second uplink is shown by a copy of it on a link of its own.
in_ns ip link add seen type veth peer name seenfar
in_ns ip link set seen up
in_ns ip link set seenfar up
in_ns tc filter add dev uptwo egress protocol all bpf bytecode '1,6 0 0 4294967295' action mirred egress mirror dev seen

# Sends 5 ARP requests on the first uplink; says how many came out of the second one, and how many tc and nft saw there.
trial() { # $1: nft verdict at the second uplink
  in_ns nft -f - <<NFT
add table netdev watch
delete table netdev watch
table netdev watch {
  chain out {
    type filter hook egress device "uptwo" priority 0;
    counter $1
  }
}
NFT
  ip netns exec "$ns" tcpdump -Z root -i fartwo -w "$folder/far" >"$folder/far.log" 2>&1 &
  local far=$!
  ip netns exec "$ns" tcpdump -Z root -i seenfar -w "$folder/seen" >"$folder/seen.log" 2>&1 &
  local seen=$!
  for log in far seen; do
    for _ in $(seq 100); do grep -q 'listening on' "$folder/$log.log" && break; sleep 0.1; done
  done
  in_ns python3 - <<'PY'
import socket
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind(('upone', 0))
for _ in range(5):
    out.send(b'\xff' * 6 + b'\x02\x00\x00\x00\x00\x01' + b'\x08\x06' + bytes(46))
PY
  # veth delivers in the sender's own time; this is for tcpdump to read its ring.
  sleep 1
  kill -TERM "$far" "$seen"
  wait "$far" "$seen" 2>/dev/null || :
  count() { tcpdump -r "$folder/$1" 2>/dev/null | wc -l; }
  echo "out $(count far) tc $(count seen) nft $(in_ns nft list table netdev watch | sed -n 's/.*counter packets \([0-9]*\).*/\1/p')"
}

in_ns tc filter add dev upone egress protocol all bpf bytecode '4,40 0 0 12,21 0 1 2054,6 0 0 4294967295,6 0 0 0' action mirred egress mirror dev uptwo
by_tc=$(trial accept)
dropped=$(trial drop)
in_ns tc filter del dev upone egress
in_ns nft -f - <<'NFT'
table netdev copies {
  chain out {
    type filter hook egress device "upone" priority 0;
    ether type arp dup to "uptwo"
  }
}
NFT
by_nft=$(trial accept)
echo "copies by tc: $by_tc; with drop in nft: $dropped; copies by nft: $by_nft"
[ "$by_tc" = 'out 5 tc 5 nft 0' ] || fail "copies by tc: $by_tc"
[ "$dropped" = 'out 5 tc 5 nft 0' ] || fail "copies by tc, dropped by nft: $dropped"
[ "$by_nft" = 'out 5 tc 5 nft 5' ] || fail "copies by nft: $by_nft"
echo 'as described'
