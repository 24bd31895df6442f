#!/bin/bash
# Sharing senders between two uplinks by nftables: one rule sends those whose `jhash ether saddr mod 2` is 0 to the left, another on another hook
# or port those with 1 to the right. No seed is given, as in the examples of nft(8).
# Guess: the same expression on the same MAC gives the same number in every rule.
# Seen: each expression without a seed gets a random one of its own, which no listing shows. Of the MACs that one rule counts as 0, a second one
#       counts only about half as 0: some senders are sent twice, others never. With the same seed in both they agree on every MAC.
# Run on 2026-11-27: nftables 1.0.6-2+deb12u2, kernel 6.18 (nft_jhash_init, net/netfilter/nft_hash.c). Needs root, or user namespaces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libmnl0 libnftnl11 libjansson4 libedit2 libxtables12 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
NFT=$(find "$PWD/root" -path '*bin/nft' -print -quit)
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export NFT LD_LIBRARY_PATH
cat >inside.sh <<'INSIDE'
set -euo pipefail
ip link add port type veth peer name far
ip link set port up
ip link set far up
rules() { # "" or "seed N"
  cat <<RULES
table netdev t {
  chain c {
    type filter hook ingress device "far" priority 0;
    ether type 0x88b5 jhash ether saddr mod 2 $1 0 counter comment "one"
    ether type 0x88b5 jhash ether saddr mod 2 $1 0 jhash ether saddr mod 2 $1 0 counter comment "both"
  }
}
RULES
}
count() { "$NFT" list table netdev t | grep "\"$1\"" | grep -oE 'packets [0-9]+' | cut -d' ' -f2; }
index=$(ip -o link show port | cut -d: -f1)
# Two random seeds may be near each other in effect: of 20 tries with 200 MACs each, one that disagrees is enough.
for seed in '' 'seed 0x5'; do
  agree=yes
  for _ in $(seq 20); do
    rules "$seed" | "$NFT" -f -
    perl -e 'use Socket; my ($index) = @ARGV; socket(my $s, 17, 3, 0) or die; for my $n (0 .. 199) {
      send($s, pack("H*", sprintf("ffffffffffff0200000000%02x88b5", $n) . "00" x 46), 0, pack("S n i S C C a8", 17, 3, $index, 0, 0, 6, "")) or die $!; }' "$index"
    [ "$(count one)" = "$(count both)" ] || agree=no
    "$NFT" delete table netdev t
  done
  echo "${seed:-no seed}: two expressions agree on every MAC: $agree"
done
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
no seed: two expressions agree on every MAC: no
seed 0x5: two expressions agree on every MAC: yes
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
