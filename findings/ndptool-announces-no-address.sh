#!/bin/bash
# After a host has moved to another port its addresses must be announced: for IPv6 by unsolicited Neighbor Advertisements (RFC 4861, 7.2.6). ndptool, libndp's own program, has an option for
# these, `-t na -U`. Its help tells of no option that it must have beside it.
# Guess: without a target it announces the interface's own addresses, one by one, or at least the link-local one that it sends from; else it refuses.
# Seen: one advertisement, exit 0, whose target is `::`, the unspecified address; override flag and the interface's MAC are there. No neighbor learns anything from it: the other end's
#       table stays empty. With `-T 2001:db8::5` the right frame goes out. So a script that announces with `-U` alone announces nobody, and succeeds.
# Run on 2026-11-30: libndp-tools and libndp0 1.8-1+deb12u1 (Debian 12), kernel 6.18. Needs root, or user namespaces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q libndp-tools=1.8-1+deb12u1 libndp0=1.8-1+deb12u1 tcpdump libpcap0.8 libibverbs1 libnl-3-200 libnl-route-3-200 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
NDPTOOL=$(find "$work/root" -name ndptool -type f)
TCPDUMP=$(find "$work/root" -name tcpdump -type f)
export LD_LIBRARY_PATH NDPTOOL TCPDUMP

cat >inside.sh <<'INSIDE'
set -euo pipefail
# What hears everything may drop its rights only where there are others to change to.
[ "$1" = root ] && keep='-Z root' || keep=''
ip link add host0 address 02:00:00:00:01:0a type veth peer name leaf0
# Without duplicate address detection, whose frames would be heard, too.
for name in host0 leaf0; do
  echo 0 >/proc/sys/net/ipv6/conf/$name/dad_transmits
  # It takes up what is announced and not known yet (Linux 6.0, accept_untracked_na), as a leaf does.
  echo 2 >/proc/sys/net/ipv6/conf/$name/accept_untracked_na
  echo 1 >/proc/sys/net/ipv6/conf/$name/forwarding
  ip link set $name up
done
ip addr add 2001:db8::5/64 dev host0 nodad
ip addr add 2001:db8::1/64 dev leaf0 nodad
# It sends from its link-local address, which a new interface has at once or after 2 s at most.
for _ in {1..100}; do ip -6 addr show dev host0 scope link -tentative | grep -q fe80 && break || sleep 0.1; done
heard() { # what, options...
  local what=$1 status=0
  shift
  ip -6 neigh flush dev leaf0
  rm -f said
  "$TCPDUMP" $keep -i leaf0 -n -v -c 1 -U --immediate-mode 'icmp6 and ip6[40] == 136' >frame 2>said &
  local capture=$!
  for _ in {1..100}; do grep -q 'listening on' said && break || sleep 0.05; done # tcpdump says so when it hears
  "$NDPTOOL" -t na -i host0 -U "$@" send || status=$?
  wait $capture
  echo "$what: exit $status, $(grep -o 'tgt is [^,]*' frame), leaf: $(ip -6 neigh show dev leaf0 | awk '$1 == "2001:db8::5" { n++ } END { print n + 0 }') entries"
}
heard 'no target'
heard 'with target' -T 2001:db8::5
INSIDE
if [ "$(id -u)" = 0 ]; then unshare -n bash inside.sh root; else unshare -n --map-current-user --keep-caps bash inside.sh user; fi | tee seen
cat >expected <<'EXPECTED'
no target: exit 0, tgt is ::, leaf: 0 entries
with target: exit 0, tgt is 2001:db8::5, leaf: 1 entries
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
