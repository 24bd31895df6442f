#!/bin/bash
# A guard against copies of copies keeps a MAC in a set of nftables for less than a second. Its rules are saved as JSON and put back.
# Guess: JSON rounds a timeout to seconds at worst, up as well as down, and what expired before expires after.
# Seen: parts of a second are cut off, and less than a second is 0, which is no timeout at all: put back, the element never expires, and a set
#       whose default is 900 ms has none. The text listing keeps both. Nothing is said about it; the exit code is 0.
# Run on 2026-11-30: nftables 1.0.6-2+deb12u2, kernel 6.18. Needs root, or user namespaces.
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
cat >rules <<'RULES'
table netdev t {
  set seen {
    type ether_addr
    flags timeout
    elements = { 02:00:00:00:00:01 timeout 900ms, 02:00:00:00:00:02 timeout 1h }
  }
  set usually {
    type ether_addr
    flags timeout
    timeout 900ms
  }
}
RULES
cat >inside.sh <<'INSIDE'
set -euo pipefail
# How many elements have a timeout, and how many sets a usual one.
timeouts() { echo "$("$NFT" list ruleset | grep -o '0[12] timeout' | wc -l) and $("$NFT" list ruleset | grep -cE '^\s+timeout' || true)"; }
# Also where it has expired by then: a set lists what it holds.
there() { "$NFT" get element netdev t seen '{ 02:00:00:00:00:01 }' >/dev/null 2>&1 && echo yes || echo no; }
put() {
  "$NFT" flush ruleset
  "$NFT" "$@"
}
put -f rules
"$NFT" -j list ruleset >json
"$NFT" list ruleset >text
echo "in JSON: $(grep -oE '"timeout": [0-9]+' json | paste -sd, | sed 's/"timeout": //g')"
put -f text
echo "text put back: timeouts of $(timeouts)"
put -j -f json
echo "JSON put back: timeouts of $(timeouts)"
# Longer than the 900 ms: what shall expire has.
sleep 1.5
echo "JSON put back, 1.5 s later: still there: $(there)"
put -f rules
sleep 1.5
echo "as it was written, 1.5 s later: still there: $(there)"
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
in JSON: 0,3600,0
text put back: timeouts of 2 and 1
JSON put back: timeouts of 1 and 0
JSON put back, 1.5 s later: still there: yes
as it was written, 1.5 s later: still there: no
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
