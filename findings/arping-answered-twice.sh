#!/bin/bash
# "Send two ARP requests with arping and count four answers" is the usual hand-made check that an address is answered from two places.
# Guess: both arpings of Debian print four answers for -c 2 where two machines hold one address, and exit 0, for every request was answered.
# Seen: iputils-arping prints three and exits 1. Only its first request is broadcast; the second goes to the MAC that answered last, so
#       that the other one is asked once. With -b it prints four, and still exits 1: any number of answers but one for each request counts as
#       failure, the same exit status as for no answer at all. The other arping prints four, "0% unanswered (2 extra)", and exits 0.
# Run on 2026-11-27: iputils-arping 3:20221126-1+deb12u1, arping 2.23-1, kernel 6.18. Needs root, or user namespaces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q iputils-arping=3:20221126-1+deb12u1 arping=2.23-1 libnet1 libpcap0.8 >/dev/null 2>&1
# Both packages bring a program called arping: a folder for each.
for package in ./*.deb; do dpkg -x "$package" "root-$(dpkg-deb -f "$package" Package)"; done
LD_LIBRARY_PATH=$(find "$work" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
IPUTILS=$(find "$PWD/root-iputils-arping" -name arping -type f)
OTHER=$(find "$PWD/root-arping" -name arping -type f)
export LD_LIBRARY_PATH IPUTILS OTHER

# One bridge; 192.0.2.9 is the address of two of its three machines. All of it goes with the namespace.
cat >inside.sh <<'INSIDE'
set -euo pipefail
mount -t tmpfs none /run
mkdir /run/netns
ip link add sw type bridge
ip link set sw up
for name in a b c; do
  ip netns add "$name"
  ip link add "port-$name" type veth peer name eth0 netns "$name"
  ip link set "port-$name" master sw up
  ip -n "$name" link set eth0 up
done
ip -n a addr add 192.0.2.1/24 dev eth0
ip -n b addr add 192.0.2.9/24 dev eth0
ip -n c addr add 192.0.2.9/24 dev eth0
run() { # what, command...
  local what=$1 status=0
  shift
  timeout 20 ip netns exec a "$@" 192.0.2.9 >out || status=$?
  echo "$what: $(grep -cE 'reply from|bytes from' out) answers, exit $status"
}
run 'iputils -c 2' "$IPUTILS" -c 2 -I eth0
run 'iputils -b -c 2' "$IPUTILS" -b -c 2 -I eth0
run 'arping -c 2' "$OTHER" -c 2 -i eth0
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
iputils -c 2: 3 answers, exit 1
iputils -b -c 2: 4 answers, exit 1
arping -c 2: 4 answers, exit 0
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
