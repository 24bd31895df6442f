#!/bin/bash
# arpwatch keeps a list of who has which address by listening to ARP, or by reading a capture (-r). Its option -F takes a filter of
# pcap-filter(7) "as a generic way of ignoring specific packets": "(arp or rarp) and not vlan and (FILTER)" is applied.
# Guess: -F narrows what is seen. "arp" keeps everything, "arp host 192.0.2.1" one station, "ether broadcast" those that broadcast.
# Seen: "arp" and "arp host 192.0.2.1" see nobody, without a word, with exit 0; "ether broadcast" works. The keyword vlan moves all tests behind
#       it by four bytes, as for what is inside of a tag, also where it is negated; so whatever FILTER says of types or addresses is looked
#       for four bytes too late, in frames that have no tag. MACs stand in front of a tag, and are not moved. tcpdump says the same:
#       "not vlan and arp" counts nothing where "arp and not vlan" counts all.
# Run on 2026-11-29: arpwatch 2.1a15-8+b1, tcpdump 4.99.3-1, libpcap0.8 1.10.3-1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q arpwatch=2.1a15-8+b1 tcpdump=4.99.3-1 libpcap0.8=1.10.3-1 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$PWD/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export LD_LIBRARY_PATH

# Three ARP requests for 192.0.2.254 without a tag: two are broadcast, the third goes to one MAC. Ethernet and ARP as in RFC 826.
le32() { printf "\\x$(printf %02x $(($1 & 255)))\\x$(printf %02x $((($1 >> 8) & 255)))\\x$(printf %02x $((($1 >> 16) & 255)))\\x$(printf %02x $((($1 >> 24) & 255)))"; }
record() { # number, receiver
  le32 $((1700000000 + $1)); le32 0; le32 42; le32 42
  printf "$2"'\x02\x00\x00\x00\x01\x0'"$1"'\x08\x06\x00\x01\x08\x00\x06\x04\x00\x01'
  printf '\x02\x00\x00\x00\x01\x0'"$1"'\xc0\x00\x02\x0'"$1"'\x00\x00\x00\x00\x00\x00\xc0\x00\x02\xfe'
}
ALL='\xff\xff\xff\xff\xff\xff'
{
  printf '\xd4\xc3\xb2\xa1\x02\x00\x04\x00'; le32 0; le32 0; le32 65535; le32 1
  record 1 "$ALL"; record 2 "$ALL"; record 3 '\x02\x00\x00\x00\x00\xfe'
} >three.pcap

stations() { # arguments of arpwatch
  rm -f list && touch list
  local status=0
  timeout 20 root/usr/sbin/arpwatch -d -r three.pcap -f list "$@" >said 2>&1 || status=$?
  echo "arpwatch $*: $(grep -c 'new station' said || :) stations, exit $status"
}
count() { echo "tcpdump $1: $(root/usr/bin/tcpdump -nr three.pcap "$1" 2>/dev/null | wc -l)"; }
{
  stations
  stations -F arp
  stations -F 'arp host 192.0.2.1'
  stations -F 'ether broadcast'
  count 'arp and not vlan'
  count 'not vlan and arp'
} | tee seen
cat >expected <<'EXPECTED'
arpwatch : 3 stations, exit 0
arpwatch -F arp: 0 stations, exit 0
arpwatch -F arp host 192.0.2.1: 0 stations, exit 0
arpwatch -F ether broadcast: 2 stations, exit 0
tcpdump arp and not vlan: 3
tcpdump not vlan and arp: 0
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
