#!/bin/bash
# ip(8) gives a link that it makes an address: "ip link add link LOW name NAME address MAC type macvlan mode passthru".
# Guess: the macvlan has that address, and as passthru takes the lower device over, so has the lower device; or it is an error.
# Seen: code 0, and the address is ignored: both have that of the lower device. "ip link set dev NAME address MAC" a moment later gives it
#       to both, and when the macvlan is removed the lower device has its own again. In every other mode the first line does what it says,
#       and the second leaves the lower device alone. No mode can be changed to passthru later, nor from it (code 2).
#       So a host that starts VMs this way says the wrong MAC in ARP and ND of each, and no command has failed.
# Run on 2026-11-29: iproute2 6.1.0-3, kernel 6.18 (drivers/net/macvlan.c). Needs root, or user namespaces.
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
set -uo pipefail
mac() { "$IP" -o link show dev "$1" | sed 's/.*ether \([^ ]*\).*/\1/'; }
told() { # what was done, its code, and the addresses
  echo "$1: code $2, macvlan $(mac mv), lower $(mac low)"
}
"$IP" link add name low address 02:00:00:00:00:01 type veth peer name far
"$IP" link set dev low up
for mode in private vepa bridge passthru; do
  "$IP" link add link low name mv address 02:00:00:00:00:0a type macvlan mode $mode
  told "$mode, made" $?
  "$IP" link set dev mv address 02:00:00:00:00:0b
  told "$mode, set" $?
  "$IP" link del dev mv
  echo "$mode, removed: lower $(mac low)"
done
"$IP" link add link low name mv type macvlan mode bridge
"$IP" link set dev mv type macvlan mode passthru 2>/dev/null
echo "bridge to passthru: code $?"
"$IP" link del dev mv
"$IP" link add link low name mv type macvlan mode passthru
"$IP" link set dev mv type macvlan mode bridge 2>/dev/null
echo "passthru to bridge: code $?"
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
unshare "${own[@]}" --net bash inside.sh | tee seen
cat >expected <<'EXPECTED'
private, made: code 0, macvlan 02:00:00:00:00:0a, lower 02:00:00:00:00:01
private, set: code 0, macvlan 02:00:00:00:00:0b, lower 02:00:00:00:00:01
private, removed: lower 02:00:00:00:00:01
vepa, made: code 0, macvlan 02:00:00:00:00:0a, lower 02:00:00:00:00:01
vepa, set: code 0, macvlan 02:00:00:00:00:0b, lower 02:00:00:00:00:01
vepa, removed: lower 02:00:00:00:00:01
bridge, made: code 0, macvlan 02:00:00:00:00:0a, lower 02:00:00:00:00:01
bridge, set: code 0, macvlan 02:00:00:00:00:0b, lower 02:00:00:00:00:01
bridge, removed: lower 02:00:00:00:00:01
passthru, made: code 0, macvlan 02:00:00:00:00:01, lower 02:00:00:00:00:01
passthru, set: code 0, macvlan 02:00:00:00:00:0b, lower 02:00:00:00:00:0b
passthru, removed: lower 02:00:00:00:00:01
bridge to passthru: code 2
passthru to bridge: code 2
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
