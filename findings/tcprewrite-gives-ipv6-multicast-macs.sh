#!/bin/bash
# tcprewrite edits captures before others see them: new addresses (--pnat), right checksums (--fixcsum). Who looks for a Neighbor Advertisement at
# each switch looks for its MACs.
# Guess: what is not asked for stays: --fixcsum leaves a frame whose checksum is right byte for byte as it was, and --pnat changes
#       addresses of IP alone, in the IPv6 header and in the target of the advertisement, as it does in both places of ARP.
# Seen: each option that has it look into IPv6 also writes 33:33 over the first two bytes of both MACs: the frame of one host to another
#       becomes one from a multicast MAC, which no host has, to another, and the MAC in the advertisement's option is no longer its
#       sender's. An option about IPv4 does that to IPv6 frames, too. --pnat leaves the target, so that a capture still tells the address
#       that was to be hidden, and leaves the checksum wrong unless --fixcsum is there. MACs of ARP stay, and --pnat maps its addresses.
# Run on 2026-11-29: tcpreplay 4.4.3-1, tcpdump 4.99.3-1, libpcap0.8 1.10.3-1, libdumbnet1 1.16.3-1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q tcpreplay=4.4.3-1 tcpdump=4.99.3-1 libpcap0.8=1.10.3-1 libdumbnet1=1.16.3-1 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$PWD/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export LD_LIBRARY_PATH

bytes() { printf "$(printf %s "$1" | tr -d ' \n' | sed 's/../\\x&/g')"; }
# A capture of one frame: file, length in hex, frame. The header is that of a pcap of Ethernet.
capture() {
  bytes "d4c3b2a1 02000400 00000000 00000000 ffff0000 01000000 00f15365 00000000 ${2}000000 ${2}000000 $3" >"$1"
}
# RFC 4861, 4.4: 2001:db8::1 tells 2001:db8::fe that it has 02:00:00:00:01:01.
capture na.pcap 56 '0200000000fe 020000000101 86dd 60000000 0020 3a ff
  20010db8000000000000000000000001 20010db80000000000000000000000fe
  88 00 0877 e0000000 20010db8000000000000000000000001 0201 020000000101'
# RFC 826: 192.0.2.1 tells 192.0.2.254 the same.
capture arp.pcap 2a '0200000000fe 020000000101 0806 0001 0800 06 04 0002 020000000101 c0000201 0200000000fe c00002fe'

tcpdump() { root/usr/bin/tcpdump -nr out.pcap "$@" 2>/dev/null; }
show() { tcpdump -et | sed -E 's/, ethertype [^,]*, length [0-9]+: (Ethernet.*\) )?/, /; s/(ICMP6, |, length [0-9]+$)//g; s/^/  /'; }
edit() { # capture, options
  local in=$1
  shift
  root/usr/bin/tcprewrite "$@" --infile="$in" --outfile=out.pcap
  echo "tcprewrite $* $in"
  show
  if tcpdump -vv | grep -q 'bad icmp6 cksum'; then echo '  its checksum is wrong'; fi
}
{
  echo 'as they are'
  for file in na arp; do cp "$file.pcap" out.pcap && show; done
  edit na.pcap --fixcsum
  edit na.pcap --pnat='192.0.2.0/24:203.0.113.0/24'
  edit na.pcap --pnat='[2001:db8::/32]:[2001:db8:aaaa::/48]'
  edit arp.pcap --pnat='192.0.2.0/24:203.0.113.0/24'
} | tee seen
cat >expected <<'EXPECTED'
as they are
  02:00:00:00:01:01 > 02:00:00:00:00:fe, 2001:db8::1 > 2001:db8::fe: neighbor advertisement, tgt is 2001:db8::1
  02:00:00:00:01:01 > 02:00:00:00:00:fe, Reply 192.0.2.1 is-at 02:00:00:00:01:01
tcprewrite --fixcsum na.pcap
  33:33:00:00:00:01 > 33:33:00:00:00:fe, 2001:db8::1 > 2001:db8::fe: neighbor advertisement, tgt is 2001:db8::1
tcprewrite --pnat=192.0.2.0/24:203.0.113.0/24 na.pcap
  33:33:00:00:00:01 > 33:33:00:00:00:fe, 2001:db8::1 > 2001:db8::fe: neighbor advertisement, tgt is 2001:db8::1
tcprewrite --pnat=[2001:db8::/32]:[2001:db8:aaaa::/48] na.pcap
  33:33:00:00:00:01 > 33:33:00:00:00:fe, 2001:db8:aaaa::1 > 2001:db8:aaaa::fe: neighbor advertisement, tgt is 2001:db8::1
  its checksum is wrong
tcprewrite --pnat=192.0.2.0/24:203.0.113.0/24 arp.pcap
  02:00:00:00:01:01 > 02:00:00:00:00:fe, Reply 203.0.113.1 is-at 02:00:00:00:01:01
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
