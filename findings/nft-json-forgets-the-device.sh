#!/bin/bash
# An audit, or a backup, of rules on a port's ingress and egress hooks reads them as JSON: `nft -j list`, and `nft -j -f` puts them back.
# Guess: what nft lists as JSON, nft takes as JSON, and it is the same rules on the same port.
# Seen: the chain's device, which the text listing has, is missing from the JSON, for both hooks. So an audit cannot tell on which port a chain
#       works, and what was listed is refused when it is put back, for a chain of family netdev needs a device.
# Run on 2026-11-27: nftables 1.0.6-2+deb12u2, kernel 6.18. Needs root, or user namespaces.
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
for hook in ingress egress; do
  "$NFT" "add table netdev t; add chain netdev t c { type filter hook $hook device \"port\" priority 0; }"
  "$NFT" list table netdev t | grep -q 'device "port"' && text=yes || text=no
  "$NFT" -j list table netdev t >listed
  grep -q '"dev' listed && json=yes || json=no
  "$NFT" delete table netdev t
  "$NFT" -j -f listed >/dev/null 2>&1 && back=taken || back=refused
  "$NFT" list tables | grep -q netdev && "$NFT" delete table netdev t
  echo "$hook: device in text: $text; in JSON: $json; put back: $back"
done
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
ingress: device in text: yes; in JSON: no; put back: refused
egress: device in text: yes; in JSON: no; put back: refused
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
