#!/bin/bash
# A guest with two NICs, legs to two leaves, is restored from a file with its memory, and nothing in it runs a driver of them.
# Guess: a restore is silent: the file has all that the guest knew, the NICs are the same, and whoever speaks next is the guest.
# Seen: QEMU itself speaks. Each NIC sends five RARP requests as broadcasts within a second, from its own MAC, and without a VLAN tag, whatever
#       the guest's bond and VLANs are: made for live migration (net/announce.c), and done after each restore. So a lab whose guests are restored
#       hears frames that nobody in it sent, and leaves learn MACs of legs. With -global migration.announce-rounds=0 there are none.
# Run on 2026-11-30: qemu-system-x86 1:7.2+dfsg-7+deb12u18+b3 on Debian 12, without KVM, tcpdump 4.99.3-1. No guest is booted. Needs apt with a Debian
# mirror, and qemu-system-x86 (for the libraries that it needs).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q qemu-system-x86=1:7.2+dfsg-7+deb12u18+b3 qemu-system-common=1:7.2+dfsg-7+deb12u18+b3 qemu-system-data=1:7.2+dfsg-7+deb12u18 seabios=1.16.2-1 >/dev/null 2>&1
apt-get download -q tcpdump=4.99.3-1 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
QEMU=$(find "$PWD/root" -path '*bin/qemu-system-x86_64' -print -quit)
TCPDUMP=$(find "$PWD/root" -path '*bin/tcpdump' -print -quit)

# The same machine each time; its NICs end in hubs with nobody else, and what they send is kept.
machine() { # FOLDER MORE...
  local folder=$1
  shift
  mkdir -p "$folder"
  timeout 120 "$QEMU" -L root/usr/share/qemu -L root/usr/share/seabios -M q35 -m 64 -accel tcg -nodefaults -display none -no-reboot \
    -netdev hubport,id=a,hubid=1 -device virtio-net-pci,netdev=a,mac=02:00:00:00:01:0a,romfile= \
    -netdev hubport,id=b,hubid=2 -device virtio-net-pci,netdev=b,mac=02:00:00:00:01:0b,romfile= \
    -object "filter-dump,id=da,netdev=a,file=$folder/a.pcap" -object "filter-dump,id=db,netdev=b,file=$folder/b.pcap" \
    -monitor stdio "$@" >"$folder/said" 2>&1
}
# A monitor reads one command after another, and `migrate` without -d returns when the file is written.
printf 'migrate "exec:cat >memory.bin"\nquit\n' | machine saved
frames() { "$TCPDUMP" -n -r "$1" 2>/dev/null | wc -l; }
# Five rounds are 50 to 450 ms apart: two seconds in all. Where there are none, five seconds are waited from when it runs; a busy machine gets longer
# for those that there are.
restored() { # FOLDER HOW-MANY MORE...
  local folder=$1 many=$2
  {
    for _ in $(seq 60); do
      grep -q 'status: running' "$folder/said" 2>/dev/null && break
      echo info status
      sleep 0.5
    done
    for round in $(seq 60); do
      [ "$round" -gt 10 ] && [ "$(frames "$folder/a.pcap")" -ge "$many" ] && [ "$(frames "$folder/b.pcap")" -ge "$many" ] && break
      sleep 0.5
    done
    echo quit
  } | machine "$folder" -incoming 'exec:cat memory.bin' "${@:3}"
}
restored usually 5
restored told 0 -global migration.announce-rounds=0

sent() { "$TCPDUMP" -e -n -r "$1" 2>/dev/null | sed -E 's/^[0-9:.]+ //; s/, length.*//' | sort | uniq -c | sed -E 's/^ +//' | grep . || echo nothing; }
for folder in saved usually told; do
  for leg in a b; do echo "$folder, $leg: $(sent $folder/$leg.pcap)"; done
done | tee seen
cat >expected <<'EXPECTED'
saved, a: nothing
saved, b: nothing
usually, a: 5 02:00:00:00:01:0a > ff:ff:ff:ff:ff:ff, ethertype Reverse ARP (0x8035)
usually, b: 5 02:00:00:00:01:0b > ff:ff:ff:ff:ff:ff, ethertype Reverse ARP (0x8035)
told, a: nothing
told, b: nothing
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
