#!/bin/bash
# Guess: a capture that editcap converts to another format is read back by the tools of the same version, with the same frames.
# Seen: editcap 4.0.17 writes the format of Network Instruments Observer (-F observer), says nothing and exits 0; capinfos of the same
#       version refuses the file: it finds a time information of 12 bytes where it wants 8. What was written is the length with its head.
#       The other formats that editcap offers for Ethernet frames and that are tried here are read back whole.
# Run on 2026-11-28: wireshark-common and libwiretap13 4.0.17-0+deb12u3 (Debian 12).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q wireshark-common=4.0.17-0+deb12u3 libwiretap13=4.0.17-0+deb12u3 libwsutil14=4.0.17-0+deb12u3 \
  libwireshark16=4.0.17-0+deb12u3 libglib2.0-0 libpcre2-8-0 libgcrypt20 libgpg-error0 libgnutls30 libxml2 zlib1g liblz4-1 libzstd1 >/dev/null 2>&1
mkdir root
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export LD_LIBRARY_PATH
tool() { # name, arguments...
  local name=$1
  shift
  "$(find root -name "$name" -type f -perm -1 | head -n 1)" "$@"
}

# One ARP request, padded to 60 bytes, in a pcap of microseconds.
frame='ffffffffffff02000000010a0806000108000604000102000000010ac000020a000000000000c0000201000000000000000000000000000000000000'
printf '%s' d4c3b2a1020004000000000000000000ffff000001000000 00e1f50500e10100 3c0000003c000000 "$frame" | xxd -r -p >in.pcap

for format in pcapng snoop netmon2 observer; do
  written=0 read=0
  tool editcap -F "$format" in.pcap "out.$format" >/dev/null 2>&1 || written=$?
  frames=$(tool capinfos -c -r -T "out.$format" 2>said | cut -f 2) || read=$?
  echo "$format: editcap exit $written, capinfos ${frames:-$(grep -o 'Observer: .*[0-9]' said)}"
done | tee seen
cat >expected <<'EXPECTED'
pcapng: editcap exit 0, capinfos 1
snoop: editcap exit 0, capinfos 1
netmon2: editcap exit 0, capinfos 1
observer: editcap exit 0, capinfos Observer: bad record (time information TLV length 12 != 8
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
