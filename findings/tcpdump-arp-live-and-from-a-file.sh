#!/bin/bash
# Four ARP requests go over a wire: without a tag, with one, with two (802.1ad outside), and with a priority tag. "tcpdump arp" runs at both
# ends of the wire, live; the same filter then reads a capture of everything that the second end got.
# Guess: a filter means the same live and from a file, and at both ends of a wire. "arp" is the EtherType 0x0806, so it finds the request
#       without a tag; "arp or (vlan and arp)" finds those with a tag, too.
# Seen: "arp" counts 1 where the frames leave, 3 where they arrive, and 1 in the file of these same frames. The kernel takes the outer tag of a
#       frame that arrives out of its bytes before the filter is run; libpcap puts it back into the captured frame afterwards. A frame that
#       leaves still has it, and so has the file. Of two tags one is left, and its type is no ARP. "arp or (vlan and arp)" counts 3, 4 and
#       3: where frames arrive it finds even those with two tags, as the second one stands where the first one would.
# Run on 2026-11-29: tcpdump 4.99.3-1, libpcap0.8 1.10.3-1, kernel 6.18. Needs root, or user namespaces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q tcpdump=4.99.3-1 libpcap0.8=1.10.3-1 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$PWD/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
TCPDUMP=$PWD/root/usr/bin/tcpdump
export LD_LIBRARY_PATH TCPDUMP

cat >inside.sh <<'INSIDE'
set -euo pipefail
mount -t sysfs sys /sys
# As root tcpdump would become another user, which may not write here.
as=()
[ "$(id -u)" != 0 ] || as=(-Z root)
ip link add near type veth peer name far
ip link set near up
ip link set far up
capture() { # end, file, filter
  "$TCPDUMP" "${as[@]}" -U -ni "$1" -w "$2" "$3" 2>"$2.said" &
  until grep -q 'listening on' "$2.said"; do sleep 0.05; done
}
count() { "$TCPDUMP" -nr "$@" 2>/dev/null | wc -l; }
FILTERS=(arp 'arp or (vlan and arp)')
for i in 0 1; do
  for end in near far; do capture "$end" "$end-$i.pcap" "${FILTERS[i]}"; done
done
capture far all.pcap 'ether src 02:00:00:00:01:01'
perl -e '
  socket(my $out, 17, 3, 0) or die $!;
  open(my $file, "<", "/sys/class/net/near/ifindex"); my $index = <$file>;
  my $arp = "0806" . "0001080006040001" . "020000000101" . "c0000201" . "000000000000" . "c00002fe";
  for my $tags ("", "81000014", "88a8006481000014", "8100a000") {
    send($out, pack("H*", "ffffffffffff020000000101$tags$arp"), 0, pack("S n i x12", 17, 0, $index)) or die $!;
  }'
until [ "$(count all.pcap)" = 4 ]; do sleep 0.05; done
kill $(jobs -p)
wait || :
for i in 0 1; do
  echo "${FILTERS[i]}: $(count "near-$i.pcap") leave, $(count "far-$i.pcap") arrive, $(count all.pcap "${FILTERS[i]}") in the file of those that arrived"
done
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-current-user --keep-caps)
timeout 60 unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
arp: 1 leave, 3 arrive, 1 in the file of those that arrived
arp or (vlan and arp): 3 leave, 4 arrive, 3 in the file of those that arrived
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
