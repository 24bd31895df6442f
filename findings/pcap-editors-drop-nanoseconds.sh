#!/bin/bash
# Guess: a tool that cuts or rewrites a capture keeps the resolution of its stamps, or says that it cannot.
# Seen: tcpslice 1.5 and tcprewrite 4.4.3 read a nanosecond capture (magic 0xa1b23c4d), write a microsecond one (0xa1b2c3d4), cut the
#       last three digits off, say nothing and exit 0. Two copies 210 ns apart then bear the same stamp, so that captures of two leaves
#       cannot be told from captures of one port, and skew below a microsecond reads as 0.
# Run on 2026-11-27: tcpslice 1.5-1, tcpreplay 4.4.3-1, libpcap0.8 1.10.3-1 (Debian 12).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q tcpslice=1.5-1 tcpreplay=4.4.3-1 libpcap0.8 libosip2-15 libnids1.21 libdumbnet1 libnet1 >/dev/null 2>&1
mkdir root
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export LD_LIBRARY_PATH

# An ARP request, padded to 60 bytes, captured three times: 123456789 ns, 210 ns later, and 999999999 ns.
frame='ffffffffffff02000000010a0806000108000604000102000000010ac000020a000000000000c0000201000000000000000000000000000000000000'
{
  printf '4d3cb2a1020004000000000000000000ffff000001000000'
  for stamp in 15cd5b07 e7cd5b07 ffc99a3b; do printf 'e8030000%s3c0000003c000000%s' "$stamp" "$frame"; done
} | xxd -r -p >ns.pcap

find root -name tcpslice -type f -perm -1 -exec {} -w sliced.pcap ns.pcap \;
find root -name tcprewrite -type f -perm -1 -exec {} --infile=ns.pcap --outfile=rewritten.pcap --ttl=64 \;

# Magic, and the fractions of the three records (bytes 28, 104 and 180), little-endian.
seen() { for at in 0 28 104 180; do od -An -tu4 -j "$at" -N 4 "$1" | tr -d ' \n'; printf ' '; done; }
expected='2712847316 123456 123456 999999 ' # 0xa1b2c3d4
status=0
for file in sliced.pcap rewritten.pcap; do
  echo "$file: magic and fractions $(seen "$file")"
  [ "$(seen "$file")" = "$expected" ] || { echo "$file: this has changed: expected $expected"; status=1; }
done
exit "$status"
