#!/bin/bash
# ARP and NS in VLAN 20 leave a port. Their tag is put there by a VLAN device (Linux keeps it beside the packet), or is in the bytes that a program sends through a
# packet socket. Filters of tc flower look at them where they leave (clsact egress), and where they arrive at the other end of the wire.
# Guess: a filter for VLAN 20 sees all four frames at both ends: on the wire they are the same.
# Seen: where they leave, frames whose tag is in the bytes are not of VLAN 20, though they are of protocol 802.1q: flower reads the tag four bytes too far, from
#       the packet behind it. The ARP packet begins with 0001 0800, so it is of "vlan_id 1 vlan_ethtype ip", and the NS, 6000 0000, is of "vlan_id 0
#       vlan_prio 3". Where they arrive all is as guessed. So a rule of flower that copies or counts tagged ARP at the egress of a leg misses what a
#       program sends with the tag, and may take it for something else.
# Run on 2026-11-30: linux-image-6.18.15+deb13-cloud-amd64 6.18.15-1~bpo13+1; a guest of QEMU 7.2 without KVM, one processor; iproute2 6.1.0-3 and
# busybox-static 1:1.35.0-4+deb12u1 in it. Needs root, apt with a Debian mirror, qemu-system-x86, cpio, kmod, xz and cc.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
release=6.18.15+deb13-cloud-amd64
mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(COMPONENT)' 'Created-By: Packages' | awk '/ Debian main$/ && !/security/ { print $1; exit }')
mkdir -p apt/lists/partial apt/cache/archives/partial
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie-backports main" >apt/sources.list
: >apt/status
cat >apt/conf <<CONF
Dir::Etc::sourcelist "$work/apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::Lists "$work/apt/lists";
Dir::State::status "$work/apt/status";
Dir::Cache "$work/apt/cache";
Acquire::Check-Valid-Until "false";
APT::Sandbox::User "root";
CONF
APT_CONFIG=$work/apt/conf apt-get -qq update
APT_CONFIG=$work/apt/conf apt-get -qq download "linux-image-$release=6.18.15-1~bpo13+1"
apt-get -qq -o APT::Sandbox::User=root download busybox-static iproute2=6.1.0-3
for package in ./*.deb; do dpkg -x "$package" tree; done
depmod -b tree "$release" 2>/dev/null || { ln -s usr/lib tree/lib && depmod -b tree "$release"; }

mkdir -p root/{bin,sbin,proc,sys,run,dev,modules,var/run}
cp tree/bin/busybox root/bin/
cp tree/bin/ip root/sbin/iproute2
cp tree/sbin/tc root/sbin/trafficc
for library in $(ldd root/sbin/iproute2 root/sbin/trafficc | grep -o '/[^ ]*' | grep -v ':' | sort -u); do cp --parents -L "$library" root/; done
for module in veth 8021q sch_ingress cls_flower act_gact; do
  modprobe -d tree -S "$release" --show-depends $module | awk '$1 == "insmod" { print $2 }'
done | awk '!seen[$0]++' >modules
count=0
while read -r file; do
  printf -v name root/modules/%02d-%s $((++count)) "$(basename "$file" | cut -d. -f1)"
  case $file in *.xz) xz -dc "$file" >"$name" ;; *) cp "$file" "$name" ;; esac
done <modules
cat >send.c <<'C'
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
/* send PORT HEX: one frame. */
int main(int count, char **word) {
  unsigned char frame[2048];
  int length = 0;
  for (char *at = word[2]; *at; at += 2) { unsigned byte; sscanf(at, "%2x", &byte); frame[length++] = byte; }
  struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(word[1])};
  int out = socket(AF_PACKET, SOCK_RAW, 0);
  return count == 3 && sendto(out, frame, length, 0, (void *)&to, sizeof to) == length ? 0 : 1;
}
C
cc -static -o root/bin/send send.c
cat >root/init <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
for module in /modules/*; do insmod "$module"; done
end() { echo "end $1"; poweroff -f; }
trap 'end "with code $?"' EXIT
set -e
iproute2 link add near type veth peer name far
iproute2 link add link near name tagged type vlan id 20
for e in near far tagged; do echo 1 >/proc/sys/net/ipv6/conf/$e/disable_ipv6; iproute2 link set $e up; done
mac=020000000101
arp=08060001080006040001${mac}c0000201000000000000c0000209
ns=86dd6000000000203aff20010db8000000000000000000000001ff0200000000000000000001ff0000098700f8c40000000020010db80000000000000000000000090101$mac
trial() { # what has the tag, port, tag in the bytes
  for where in "near egress" "far ingress"; do
    trafficc filter del dev $where
    pref=0
    while read -r protocol match; do
      pref=$((pref + 1))
      trafficc filter add dev $where pref $pref protocol $protocol flower $match action continue
    done <<X
802.1q dst_mac 01:00:00:00:00:00/01:00:00:00:00:00
802.1q vlan_id 20
802.1q vlan_id 20 vlan_ethtype arp arp_op request
802.1q vlan_id 20 vlan_ethtype ipv6 ip_proto icmpv6 type 135
802.1q vlan_id 1 vlan_ethtype ip
802.1q vlan_id 0 vlan_prio 3
X
  done
  send $2 ffffffffffff$mac$3$arp
  send $2 3333ff000009$mac$3$ns
  for where in "near egress" "far ingress"; do
    echo "tag in $1, ${where#* }:$(trafficc -s filter show dev $where | awk '/Sent/ { printf " %s", $4 }')"
  done
}
trafficc qdisc add dev near clsact
trafficc qdisc add dev far clsact
trial metadata tagged
trial bytes near 81000014
INIT
chmod 755 root/init
(cd root && find . | cpio -o -H newc --quiet) >initrd
timeout 300 qemu-system-x86_64 -machine q35,accel=tcg -smp 1 -m 512 -nic none -display none -monitor none -serial stdio -no-reboot \
  -kernel "tree/boot/vmlinuz-$release" -initrd initrd -append 'console=ttyS0 quiet panic=-1' </dev/null | tr -d '\r' >said
grep -E '^(tag|end)' said | tee seen
cat >expected <<'EXPECTED'
tag in metadata, egress: 2 2 1 1 0 0
tag in metadata, ingress: 2 2 1 1 0 0
tag in bytes, egress: 2 0 0 0 1 1
tag in bytes, ingress: 2 2 1 1 0 0
end with code 0
EXPECTED
diff expected seen || { tail -5 said >&2; echo 'this has changed'; exit 1; }
