#!/bin/bash
# A rule on a port of a trunk that polices, copies or counts the neighbor frames of VMs, most of which are tagged there.
# Guess: `ether type arp`, `meta protocol arp` and `arp operation request` match the same ARP requests, as `icmpv6 type` does with solicitations,
#        tagged or not.
# Seen: of the same chain, on ingress of a port, `ether type arp` matches only untagged frames; the two others and `icmpv6 type` match
#       frames with one 802.1Q tag, too. So "ARP and ND" written as `ether type arp` and `icmpv6 type` misses the ARP of every tagged VM
#       and has its ND. (`ether type` reads the two bytes behind the addresses, which are 0x8100; the others ask for the protocol that the kernel
#       found behind the tag, which it has taken out of the frame by then: nft_payload_copy_vlan in net/netfilter/nft_payload.c.)
# Run on 2026-11-28: nftables 1.0.6-2+deb12u2, kernel 6.18. Needs root, or user namespaces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libmnl0 libnftnl11 libjansson4 libedit2 libxtables12 socat=1.7.4.4-2 libwrap0 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
NFT=$(find "$PWD/root" -path '*bin/nft' -print -quit)
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
PATH=$work/root/usr/bin:$PATH
export PATH NFT LD_LIBRARY_PATH
# An ARP request, padded to 60 bytes, and a Neighbor Solicitation, of 02:00:00:00:01:0a; each also with a tag of VLAN 20.
arp=0806000108000604000102000000010ac000020a000000000000c0000201$(printf '00%.0s' {1..14})
ns=86dd6000000000203aff20010db800000000000000000000000aff0200000000000000000001ff0000018700d1eb0000000020010db80000000000000000000000010101\
02000000010a
for kind in arp ns; do
  for tag in '' 81000014; do
    printf '%s' "ffffffffffff02000000010a$tag${!kind}" | xxd -r -p >"$kind${tag:+-tagged}"
  done
done

cat >inside.sh <<'INSIDE'
set -euo pipefail
ip link add near type veth peer name port
for end in near port; do
  echo 1 >"/proc/sys/net/ipv6/conf/$end/disable_ipv6"
  ip link set "$end" up
done
for how in '' -tagged; do
  "$NFT" -f - <<'RULES'
table netdev t {
  chain c {
    type filter hook ingress device "port" priority 0;
    ether type arp counter
    meta protocol arp counter
    arp operation request counter
    icmpv6 type nd-neighbor-solicit counter
  }
}
RULES
  for kind in arp ns; do socat -u "OPEN:$kind$how" INTERFACE:near; done
  "$NFT" list table netdev t | sed -n 's/^[[:space:]]*\(.*\) counter packets \([0-9]*\) .*/\1: \2/p' | sed "s/^/${how:+tagged, }/"
  "$NFT" delete table netdev t
done
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
ether type arp: 1
meta protocol arp: 1
arp operation request: 1
icmpv6 type nd-neighbor-solicit: 1
tagged, ether type arp: 0
tagged, meta protocol arp: 1
tagged, arp operation request: 1
tagged, icmpv6 type nd-neighbor-solicit: 1
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
