#!/bin/bash
# A bond of the kernel in active-backup, with a leg to each of two leaves that are not stacked. The leaf of the active leg loses its link, and the bond takes the other
# one. Does the other leaf hear of the host's address by itself? Leaves learn from gratuitous ARP (arp_accept). The address is on the bond, on a
# VLAN device, a macvlan or a bridge above it, or on a VLAN device of that bridge.
# Guess: in all cases: num_grat_arp is there for that (bonding.rst: "peer notifications to be issued after a failover event"), and for "each VLAN".
# Seen: not where a bridge lies in between. The bond tells its upper devices (NETDEV_NOTIFY_PEERS); VLAN devices and macvlans pass it on to theirs, a bridge
#       does not. So of a host whose VMs are behind a bridge, as most are, no leaf hears anything at a failover, neither of the host nor of any VM:
#       traffic is lost until somebody speaks or an entry runs out.
# Run on 2026-11-30: linux-image-6.18.15+deb13-cloud-amd64 6.18.15-1~bpo13+1; a guest of QEMU 7.2 without KVM, one processor; iproute2 6.1.0-3 and
# busybox-static 1:1.35.0-4+deb12u1 in it. Needs root, apt with a Debian mirror, qemu-system-x86, cpio, kmod and xz. A minute.
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
for module in veth 8021q bonding bridge macvlan; do
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
for leaf in a b; do
  iproute2 netns add leaf-$leaf
  iproute2 link add up-$leaf type veth peer name to-host
  iproute2 link set to-host netns leaf-$leaf
  at="iproute2 netns exec leaf-$leaf"
  $at iproute2 link set to-host up
  $at iproute2 link add link to-host name v20 type vlan id 20
  $at iproute2 link set v20 up
  $at iproute2 addr add 192.0.2.1/25 dev to-host
  $at iproute2 addr add 192.0.2.129/25 dev v20
  $at sh -c 'echo 1 > /proc/sys/net/ipv4/conf/to-host/arp_accept; echo 1 > /proc/sys/net/ipv4/conf/v20/arp_accept'
done
# s. miimon sees a link within 100 ms; three announcements follow, each after 100 ms. An announcement that does not come is no event.
settled=3
trial() {
  iproute2 link add bond0 type bond mode active-backup miimon 100 num_grat_arp 3
  for leg in a b; do iproute2 link set up-$leg down; iproute2 link set up-$leg master bond0; done
  iproute2 link set bond0 up
  address=192.0.2.10
  case $1 in
    bond) dev=bond0 ;;
    vlan) iproute2 link add link bond0 name top type vlan id 20; dev=top address=192.0.2.140 ;;
    macvlan) iproute2 link add link bond0 name top type macvlan mode bridge; dev=top ;;
    bridge) iproute2 link add name top type bridge; iproute2 link set bond0 master top; dev=top ;;
    vlan-of-a-bridge) iproute2 link add name br0 type bridge; iproute2 link set bond0 master br0; iproute2 link set br0 up; iproute2 link add link br0 name top type vlan id 20; dev=top address=192.0.2.140 ;;
  esac
  iproute2 link set $dev up
  iproute2 addr add $address/25 dev $dev
  sleep $settled
  active=$(cat /sys/class/net/bond0/bonding/active_slave)
  for leaf in a b; do iproute2 netns exec leaf-$leaf iproute2 neigh flush all; done
  other=b; [ "$active" = up-a ] || other=a
  now=${active#up-}
  iproute2 netns exec leaf-$now iproute2 link set to-host down
  sleep $settled
  told=no
  ! iproute2 netns exec leaf-$other iproute2 neigh show $address | grep -q lladdr || told=yes
  echo "address on a $1: the leg is $([ "$(cat /sys/class/net/bond0/bonding/active_slave)" = up-$other ] && echo the other one || echo the same), its leaf is told: $told"
  iproute2 netns exec leaf-$now iproute2 link set to-host up
  iproute2 netns exec leaf-$now iproute2 link set v20 up
  [ $dev = bond0 ] || iproute2 link del top
  [ $1 != vlan-of-a-bridge ] || iproute2 link del br0
  iproute2 link del bond0
}
for kind in bond vlan macvlan bridge vlan-of-a-bridge; do trial $kind; done
INIT
chmod 755 root/init
(cd root && find . | cpio -o -H newc --quiet) >initrd
timeout 300 qemu-system-x86_64 -machine q35,accel=tcg -smp 1 -m 512 -nic none -display none -monitor none -serial stdio -no-reboot \
  -kernel "tree/boot/vmlinuz-$release" -initrd initrd -append 'console=ttyS0 quiet panic=-1' </dev/null | tr -d '\r' >said
grep -E '^(address|end)' said | tee seen
cat >expected <<'EXPECTED'
address on a bond: the leg is the other one, its leaf is told: yes
address on a vlan: the leg is the other one, its leaf is told: yes
address on a macvlan: the leg is the other one, its leaf is told: yes
address on a bridge: the leg is the other one, its leaf is told: no
address on a vlan-of-a-bridge: the leg is the other one, its leaf is told: no
end with code 0
EXPECTED
diff expected seen || { tail -5 said >&2; echo 'this has changed'; exit 1; }
