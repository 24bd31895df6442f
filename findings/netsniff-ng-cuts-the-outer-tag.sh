#!/bin/bash
# Two captures of one port at one time: by tcpdump, and by netsniff-ng. Are the VLAN tags of ARP frames in both?
# Guess: yes. Linux takes the outermost tag out of a frame before a capture sees it, and tells it beside the frame; every tool of capture puts it back.
# Seen: netsniff-ng does not. Each frame has lost its outermost tag, and no word is said: ARP of VLAN 20 is untagged in its file, and ARP behind two
#       tags, 20 and 30, is ARP of VLAN 30. Both are frames that might as well have been sent like that. tcpdump has them as they were on the wire.
#       So its files of a leaf's trunk port show every VM in the native VLAN.
# Run on 2026-11-30: netsniff-ng 0.6.8-3, tcpdump 4.99.3-1, kernel 6.18. Needs root: in a user namespace netsniff-ng does not start.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q netsniff-ng=0.6.8-3 tcpdump=4.99.3-1 libpcap0.8 libdbus-1-3 libsystemd0 libgeoip1 libncurses6 libtinfo6 libnl-3-200 libnl-genl-3-200 \
  libnl-route-3-200 liburcu8 libnetfilter-conntrack3 libnfnetlink0 libmnl0 libsodium23 libnet1 libcli1.10 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$(find "$PWD/root" -path '*bin/*' -name netsniff-ng -printf '%h\n' -quit):$(find "$PWD/root" -path '*bin/*' -name tcpdump -printf '%h\n' -quit):$PATH
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export PATH LD_LIBRARY_PATH

cat >inside.sh <<'INSIDE'
set -euo pipefail
mount -t sysfs sys /sys
ip link add near type veth peer name far
for end in near far; do
  echo 1 >"/proc/sys/net/ipv6/conf/$end/disable_ipv6"
  ip link set "$end" up
done
# Each ends by itself after as many frames. It takes seconds until netsniff-ng captures, and it says nothing then: so frames are sent until both have
# theirs.
netsniff-ng --in far --out netsniff-ng.pcap --num 9 --silent >netsniff.log 2>&1 & first=$!
tcpdump -Z root -i far -w tcpdump.pcap -c 9 2>tcpdump.log & second=$!
ends=no
for ((i = 0; i < 300; i++)); do
  [ -d "/proc/$first" ] || [ -d "/proc/$second" ] || { ends=yes; break; }
  perl -e '
    socket(my $out, 17, 3, 0) or die $!;
    my $index = `cat /sys/class/net/near/ifindex`;
    my $arp = "0806" . "0001080006040001" . "020000000101" . "c0000201" . "000000000000" . "c0000209";
    for my $tags ("", "81000014", "88a800148100001e") {
      send($out, pack("H*", "ffffffffffff020000000101$tags$arp"), 0, pack("S n i x12", 17, 0, $index)) or die $!;
    }'
  # Between two tries: 300 of them are a minute.
  sleep 0.2
done
[ "$ends" = yes ] || { kill "$first" "$second"; echo 'a capture did not end'; exit 1; }
wait "$first" "$second"
for tool in tcpdump netsniff-ng; do
  tcpdump -Z root -r "$tool.pcap" -n -e -t 2>/dev/null | sed -E "s/.* > ff:ff:ff:ff:ff:ff, /$tool: /; s/, ethertype ARP.*//; s/: ethertype ARP.*/: untagged/
    s/ethertype //g; s/ \\(0x[0-9a-f]+\\), length [0-9]+//; s/ \\(0x[0-9a-f]+\\)//g; s/, p 0//g; s/: vlan/ vlan/g; s/802.1Q, vlan/802.1Q vlan/"
done
INSIDE
timeout 120 unshare --net --mount bash inside.sh >out || { cat out; echo 'it does not run as it did'; exit 1; }
sort -u out | tee seen
cat >expected <<'EXPECTED'
netsniff-ng: 802.1Q vlan 30
netsniff-ng: untagged
tcpdump: 802.1Q vlan 20
tcpdump: 802.1Q-QinQ vlan 20, 802.1Q vlan 30
tcpdump: untagged
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
