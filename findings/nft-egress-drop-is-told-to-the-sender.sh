#!/bin/bash
# A test of a link that loses frames drops them by a rule where they leave the host, and sends crafted ARP through that port.
# Guess: whoever sends from a packet socket notices no more of it than of a wire that loses frames: the call returns the number of bytes.
# Seen: behind `drop` on the egress hook of nftables each send fails with ENOBUFS, "No buffer space available", as if memory were short; a sender
#       that stops at its first error has sent nothing, and one that tries again never ends. The same drop on the ingress hook of the
#       other end is not told, and a send on a port whose other end is down, so that it has no carrier, is not, either. (nf_hook_egress in
#       include/linux/netfilter_netdev.h gives NET_XMIT_DROP; packet_snd in net/packet/af_packet.c makes ENOBUFS of it.)
# Run on 2026-11-28: nftables 1.0.6-2+deb12u2, socat 1.7.4.4-2, kernel 6.18. Needs root, or user namespaces.
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
# An ARP request of 02:00:00:00:01:0a, padded to 60 bytes.
printf '%s' "ffffffffffff02000000010a0806000108000604000102000000010ac000020a000000000000c0000201$(printf '00%.0s' {1..18})" | xxd -r -p >arp

cat >inside.sh <<'INSIDE'
set -euo pipefail
ip link add near type veth peer name far
for end in near far; do
  echo 1 >"/proc/sys/net/ipv6/conf/$end/disable_ipv6"
  ip link set "$end" up
done
send() {
  for try in 1 2; do
    if socat -u OPEN:arp INTERFACE:near 2>error; then echo "$1: sent"; else echo "$1: $(grep -o 'No buffer space available' error)"; fi
  done
}
rule() { printf 'table netdev t { chain c { type filter hook %s device "%s" priority 0; %s\n}\n}\n' "$@" | "$NFT" -f -; }
rule ingress far 'counter accept'
send 'no rule'
"$NFT" list table netdev t | sed -n 's/.*counter packets \([0-9]*\) .*/no rule: \1 arrived/p'
"$NFT" delete table netdev t
rule egress near drop
send 'dropped where it leaves'
"$NFT" delete table netdev t
rule ingress far drop
send 'dropped where it arrives'
"$NFT" delete table netdev t
ip link set far down
echo "other end down: $(ip -o link show near | grep -o 'NO-CARRIER')"
send 'other end down'
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
no rule: sent
no rule: sent
no rule: 2 arrived
dropped where it leaves: No buffer space available
dropped where it leaves: No buffer space available
dropped where it arrives: sent
dropped where it arrives: sent
other end down: NO-CARRIER
other end down: sent
other end down: sent
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
