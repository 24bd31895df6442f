#!/bin/bash
# A bond of the kernel in mode 802.3ad, lacp_rate fast, one port to each of two leaves. The link of one port is lost for 6 s, and later it is shut for 6 s. What does the bond
# say of the port's LACP state (sysfs, ad_actor_oper_port_state; also in /proc/net/bonding and `ip -d -s link`)?
# Guess: it is neither collecting nor distributing any more (0x10, 0x20), and its partner has expired: IEEE 802.1AX has a port whose link is down in PORT_DISABLED.
# Seen: 63 as before, of the port and of its partner: in sync, collecting, distributing. Only mii_status says that the link is down, and only the number of the
#       aggregator's ports, one instead of two, that it is not used. Whoever watches a host's legs by the LACP state sees nothing when one is lost.
# Run on 2026-11-30: linux-image-6.18.15+deb13-cloud-amd64 6.18.15-1~bpo13+1; a guest of QEMU 7.2 without KVM, one processor; iproute2 6.1.0-3 and
# busybox-static 1:1.35.0-4+deb12u1 in it. Needs root, apt with a Debian mirror, qemu-system-x86, cpio, kmod and xz. A minute. The same was seen on
# 6.17.13; on 6.12 and on 7.3.4 the state is told.
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
for library in $(ldd root/sbin/iproute2 | grep -o '/[^ ]*' | grep -v ':' | sort -u); do cp --parents -L "$library" root/; done
for module in veth bonding; do
  modprobe -d tree -S "$release" --show-depends $module | awk '$1 == "insmod" { print $2 }'
done | awk '!seen[$0]++' >modules
count=0
while read -r file; do
  printf -v name root/modules/%02d-%s $((++count)) "$(basename "$file" | cut -d. -f1)"
  case $file in *.xz) xz -dc "$file" >"$name" ;; *) cp "$file" "$name" ;; esac
done <modules
cat >root/init <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
for module in /modules/*; do case $module in *-bonding) insmod "$module" max_bonds=0 ;; *) insmod "$module" ;; esac; done
end() { echo "end $1"; poweroff -f; }
trap 'end "with code $?"' EXIT
set -e
bond() { $1 iproute2 link add bond0 type bond mode 802.3ad miimon 100 lacp_rate fast; }
for leaf in a b; do
  iproute2 netns add leaf-$leaf
  iproute2 link add up-$leaf type veth peer name to-host
  iproute2 link set to-host netns leaf-$leaf
  at="iproute2 netns exec leaf-$leaf"
  bond "$at"
  $at sh -c 'echo 02:00:00:0f:00:00 > /sys/class/net/bond0/bonding/ad_actor_system; echo 7 > /sys/class/net/bond0/bonding/ad_user_port_key'
  $at iproute2 link set to-host master bond0
  $at iproute2 link set bond0 up
done
bond
iproute2 link set up-a master bond0
iproute2 link set up-b master bond0
iproute2 link set bond0 up
# LACP has what it wants within 3 s where both ends are fast, and gives a silent port up after 3 s.
patience=6
sleep $patience
look() {
  at=/sys/class/net/up-b/bonding_slave
  echo "$1: link $(cat $at/mii_status), state $(cat $at/ad_actor_oper_port_state), of its partner $(cat $at/ad_partner_oper_port_state); ports of the aggregator $(cat /sys/class/net/bond0/bonding/ad_num_ports)"
}
look 'both legs'
iproute2 netns exec leaf-b iproute2 link set to-host down
sleep $patience
look 'cable of up-b out'
iproute2 netns exec leaf-b iproute2 link set to-host up
sleep $patience
look 'cable back'
iproute2 link set up-b down
sleep $patience
look 'up-b shut'
INIT
chmod 755 root/init
(cd root && find . | cpio -o -H newc --quiet) >initrd
timeout 300 qemu-system-x86_64 -machine q35,accel=tcg -smp 1 -m 512 -nic none -display none -monitor none -serial stdio -no-reboot \
  -kernel "tree/boot/vmlinuz-$release" -initrd initrd -append 'console=ttyS0 quiet panic=-1' </dev/null | tr -d '\r' >said
grep -E '^(both|cable|up-b|end)' said | tee seen
cat >expected <<'EXPECTED'
both legs: link up, state 63, of its partner 63; ports of the aggregator 2
cable of up-b out: link down, state 63, of its partner 63; ports of the aggregator 1
cable back: link up, state 63, of its partner 63; ports of the aggregator 2
up-b shut: link down, state 63, of its partner 63; ports of the aggregator 1
end with code 0
EXPECTED
diff expected seen || { tail -5 said >&2; echo 'this has changed'; exit 1; }
