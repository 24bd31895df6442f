#!/bin/bash
# dumpcap keeps in its pcapng how many frames it lost (an Interface Statistics Block, isb_ifdrop): whoever judges by what is missing needs that.
# Guess: tools that copy, merge or sort such a capture keep the block, or say that they leave it out.
# Seen: of Wireshark 4.0.17 editcap, mergecap, reordercap and tshark (-r -w, with a display filter and without) write everything but that block, say nothing and exit 0.
#       A capture that lost 37 of 137 frames looks after that as if nothing was counted. A gap in it is then a frame that never came. capinfos says of neither file how many were lost.
# Run on 2026-11-30: wireshark-common and tshark 4.0.17-0+deb12u3 (Debian 12).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q wireshark-common=4.0.17-0+deb12u3 tshark=4.0.17-0+deb12u3 libwiretap13=4.0.17-0+deb12u3 libwsutil14=4.0.17-0+deb12u3 \
  libwireshark16=4.0.17-0+deb12u3 libwireshark-data=4.0.17-0+deb12u3 libglib2.0-0 libpcre2-8-0 libgcrypt20 libgpg-error0 libgnutls30 libxml2 zlib1g liblz4-1 libzstd1 libc-ares2 \
  libpcap0.8 libsnappy1v5 libspandsp2 libbcg729-0 liblua5.2-0 libopencore-amrnb0 libsmi2ldbl libssh-gcrypt-4 libsbc1 libspeexdsp1 libmaxminddb0 libnghttp2-14 libbrotli1 \
  libnl-3-200 libnl-genl-3-200 libnl-route-3-200 libcap2 libkrb5-3 >/dev/null 2>&1
mkdir root
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export LD_LIBRARY_PATH HOME=$work
tool() { # name, arguments...
  local name=$1
  shift
  "$(find "$work/root" -name "$name" -type f -perm -1 | head -n 1)" "$@"
}

# Section, interface (Ethernet), one ARP request, and statistics: 137 frames came (isb_ifrecv), 37 were dropped (isb_ifdrop).
frame='ffffffffffff02000000010a0806000108000604000102000000010ac000020a000000000000c0000201000000000000000000000000000000000000'
{
  printf '0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000'
  printf '0100000014000000010000000000040014000000'
  printf '060000005c0000000000000000000000000010003c0000003c000000%s5c000000' "$frame"
  printf '0500000034000000000000000000000002000000'
  printf '%s' 04000800 8900000000000000 05000800 2500000000000000 00000000 34000000
} | xxd -r -p >in.pcapng

# Types of the blocks of a file, in their order.
blocks() {
  local at=0 size
  size=$(stat -c %s "$1")
  while [ "$at" -lt "$size" ]; do
    od -An -tx4 -j "$at" -N 4 "$1" | tr -d '\n'
    at=$((at + $(od -An -tu4 -j $((at + 4)) -N 4 "$1")))
  done
}

tool editcap in.pcapng editcap.pcapng
tool mergecap -w mergecap.pcapng in.pcapng
tool reordercap in.pcapng reordercap.pcapng >/dev/null
tool tshark -r in.pcapng -w tshark.pcapng 2>/dev/null
tool tshark -r in.pcapng -Y arp -w tshark-filtered.pcapng 2>/dev/null
for name in in editcap mergecap reordercap tshark tshark-filtered; do echo "$name:$(blocks $name.pcapng)"; done | tee seen
cat >expected <<'EXPECTED'
in: 0a0d0d0a 00000001 00000006 00000005
editcap: 0a0d0d0a 00000001 00000006
mergecap: 0a0d0d0a 00000001 00000006
reordercap: 0a0d0d0a 00000001 00000006
tshark: 0a0d0d0a 00000001 00000006
tshark-filtered: 0a0d0d0a 00000001 00000006
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
for name in in editcap; do tool capinfos $name.pcapng | grep -iE 'drop|lost' && { echo 'capinfos tells it: this has changed'; exit 1; }; done
exit 0
