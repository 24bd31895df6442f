#!/bin/bash
# A bridge takes the smallest MTU of its members until somebody sets one, which then stays.
# Guess: "ip link set dev br0 mtu 1500" before the first member pins 1500, whatever a leg with 1400 that joins later has; so does
#        "ip link add name br0 mtu 1500 type bridge".
# Seen: neither does. To set an MTU that the device already has is no change for the kernel, and the bridge is never told; one that is
#       given when it is made does not count as set, whatever its value. Only a change to another value and back pins it. A script that sets
#       an MTU "to be sure" has set nothing, and frames of full size are dropped as soon as a member with less joins.
# Run on 2026-11-28: kernel 6.18, iproute2 6.1.0-3. Needs root, or user namespaces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q iproute2=6.1.0-3 libbpf1 libmnl0 libelf1 libcap2 >/dev/null 2>&1
mkdir root
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
IP=$(find "$work/root" -name ip -type f -perm -1 | head -n 1)
export LD_LIBRARY_PATH IP

cat >inside.sh <<'INSIDE'
set -euo pipefail
fresh() { # options of the bridge: anew, and a leg with MTU 1400
  "$IP" link del dev br0 2>/dev/null || :
  "$IP" link del dev leg 2>/dev/null || :
  "$IP" link add name br0 "$@" type bridge
  "$IP" link add name leg mtu 1400 type veth peer name far
}
join() { # what was done
  "$IP" link set dev leg master br0
  echo "$1: $("$IP" -o link show dev br0 | sed 's/.* mtu \([0-9]*\) .*/\1/')"
}
fresh
join 'not set'
fresh
"$IP" link set dev br0 mtu 1500
join 'set to what it is'
fresh
"$IP" link set dev br0 mtu 1501
"$IP" link set dev br0 mtu 1500
join 'set to another and back'
fresh mtu 1501
join 'made with another'
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
unshare "${own[@]}" --net bash inside.sh | tee seen
cat >expected <<'EXPECTED'
not set: 1400
set to what it is: 1400
set to another and back: 1500
made with another: 1400
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
