#!/bin/bash
# A NIC with several transmit queues: a kernel looks for 32 neighbors in IPv4, then for 32 in IPv6. Which queues do its frames take?
# Guess: the same in both families: by a hash, so that they are spread over all queues, as any traffic to many.
# Seen: NS are in all four queues. ARP, whoever is asked for, is in one and the same: the hash that chooses a queue (skb_tx_hash, net/core/dev.c) takes what
#       flow_keys_dissector_keys of net/core/flow_dissector.c has, and no key of it is about ARP. So one queue that is slow, full or broken takes
#       all ARP of a host and its VMs with it, and nearly none of its ND; and neighbors that are found in IPv6 prove nothing for IPv4.
# Run on 2026-11-30: iproute2 6.1.0-3, kernel 6.18. Needs root, or user namespaces; a veth pair stands for the NIC, with mq as its queueing
# discipline, as NICs have it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q iproute2=6.1.0-3 libbpf1 libmnl0 libelf1 libbsd0 libmd0 libcap2 libtirpc3 libxtables12 libcap2-bin zlib1g >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$(find "$PWD/root" -path '*bin/*' -name ip -printf '%h\n' -quit):$(find "$PWD/root" -path '*bin/*' -name tc -printf '%h\n' -quit):$PATH
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export PATH LD_LIBRARY_PATH

cat >inside.sh <<'INSIDE'
set -euo pipefail
ip link add nic numtxqueues 4 type veth peer name wire numrxqueues 4
for end in nic wire; do echo 1 >"/proc/sys/net/ipv6/conf/$end/disable_ipv6"; done
tc qdisc add dev nic root handle 1: mq
ip link set wire up
ip link set nic up
ip addr add 192.0.2.1/24 dev nic
# Frames that each queue has sent.
queues() { tc -s qdisc show dev nic | awk '/parent 1:/ { q = $5 } /Sent/ && q { print q, $4; q = "" }' | sort; }
# How many queues sent something while a command ran.
used() { queues >before; "$@"; queues >after; join before after | awk '$3 > $2 { n++ } END { print n + 0 }'; }
# A datagram to somebody whose MAC is not known makes the kernel look for it; nobody is there.
ask4() { for n in $(seq 10 41); do echo >"/dev/udp/192.0.2.$n/9" || :; done; }
ask6() { for n in $(seq 10 41); do echo >"/dev/udp/2001:db8::$n/9" || :; done; }
# Only the first try of each is counted: neighbors are asked for again a second later, in the same queues.
echo "ARP for 32 neighbors: $(used ask4) of 4 queues"
ip addr flush dev nic
sleep 4 # Three tries of a second each (mcast_solicit, retrans_time), so that no ARP is left.
echo 0 >/proc/sys/net/ipv6/conf/nic/accept_dad
echo 0 >/proc/sys/net/ipv6/conf/nic/router_solicitations
echo 0 >/proc/sys/net/ipv6/conf/nic/disable_ipv6
ip addr add 2001:db8::1/64 dev nic nodad
sleep 2 # Reports about groups, of which the kernel sends some when an address is new.
echo "NS for 32 neighbors: $(used ask6) of 4 queues"
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
ARP for 32 neighbors: 1 of 4 queues
NS for 32 neighbors: 4 of 4 queues
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
