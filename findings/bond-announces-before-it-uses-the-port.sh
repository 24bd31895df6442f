#!/bin/bash
# A bond of the kernel in mode 802.3ad with broadcast_neighbor on, one port to each of two leaves that share a system ID. Each port is shut for 4 s and
# opened again, in turn, in a guest. Which leaf learns the host's address from the announcement that the bond makes by itself when a port is
# back? Leaves learn from gratuitous ARP (arp_accept), and forget all before the port is opened.
# Guess: both: the leaf that was away is the one that needs it, and this is what the announcement is made for.
# Seen: in some of the recoveries, 13 of 38 so far, only the leaf that had never been away is told. The announcement is made, but leaves on the
#       ports that the bond used before; the one that is back is put to use by another work item, and which of both runs first is chance. In others
#       both are told.
# Run on 2026-11-30: linux-image-6.18.15+deb13-cloud-amd64 6.18.15-1~bpo13+1; a guest of QEMU 7.2 without KVM, one processor; iproute2 6.1.0-3 and
# busybox-static 1:1.35.0-4+deb12u1 in it. Needs root, apt with a Debian mirror, qemu-system-x86, cpio, kmod, xz and cc. Some minutes. The same was
# seen on 6.17.13, and not on 7.2.12 and 7.3.4.
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
apt-get -qq -o APT::Sandbox::User=root download busybox-static iproute2
for package in ./*.deb; do dpkg -x "$package" tree; done
depmod -b tree "$release" 2>/dev/null || { ln -s usr/lib tree/lib && depmod -b tree "$release"; }

mkdir -p root/{bin,sbin,proc,sys,run,dev,modules,var/run}
cp tree/bin/busybox root/bin/
# Under another name, or the shell takes its own.
cp tree/bin/ip root/sbin/iproute2
for library in $(ldd root/sbin/iproute2 | grep -o '/[^ ]*'); do cp --parents -L "$library" root/; done
for module in veth bonding; do
  modprobe -d tree -S "$release" --show-depends $module | awk '$1 == "insmod" { print $2 }'
done | awk '!seen[$0]++' >modules
count=0
while read -r file; do
  name=root/modules/$((++count))-$(basename "$file" | cut -d. -f1)
  case $file in *.xz) xz -dc "$file" >"$name" ;; *) cp "$file" "$name" ;; esac
done <modules

# Sets the option of bond0, by rtnetlink: the iproute2 above is older than it (linux/if_link.h: IFLA_BOND_BROADCAST_NEIGH is 33).
cat >option.c <<'C'
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {
  struct { struct nlmsghdr head; struct ifinfomsg link; char more[64]; } ask = {0};
  int at = 0;
  struct rtattr *info = (void *)ask.more;
  info->rta_type = IFLA_LINKINFO;
  struct rtattr *kind = RTA_DATA(info);
  kind->rta_type = 1; /* IFLA_INFO_KIND */
  kind->rta_len = RTA_LENGTH(4);
  memcpy(RTA_DATA(kind), "bond", 4);
  struct rtattr *data = (void *)((char *)kind + RTA_ALIGN(kind->rta_len));
  data->rta_type = 2; /* IFLA_INFO_DATA */
  struct rtattr *option = RTA_DATA(data);
  option->rta_type = 33;
  option->rta_len = RTA_LENGTH(1);
  *(char *)RTA_DATA(option) = 1;
  data->rta_len = RTA_LENGTH(RTA_ALIGN(option->rta_len));
  info->rta_len = (char *)data + RTA_ALIGN(data->rta_len) - (char *)info;
  ask.head.nlmsg_len = NLMSG_LENGTH(sizeof ask.link) + RTA_ALIGN(info->rta_len);
  ask.head.nlmsg_type = RTM_NEWLINK;
  ask.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  ask.link.ifi_index = if_nametoindex("bond0");
  int netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  send(netlink, &ask, ask.head.nlmsg_len, 0);
  char answer[1024];
  at = recv(netlink, answer, sizeof answer, 0);
  struct nlmsghdr *head = (void *)answer;
  return at > 0 && head->nlmsg_type == NLMSG_ERROR && ((struct nlmsgerr *)NLMSG_DATA(head))->error == 0 ? 0 : 1;
}
C
cc -static -o root/bin/option option.c

cat >root/init <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs run /run
for module in /modules/*; do
  # One that exists from the start would be in the way.
  case $module in *-bonding) insmod "$module" max_bonds=0 ;; *) insmod "$module" ;; esac
done
end() { echo "end $1"; poweroff -f; }
trap 'end "with code $?"' EXIT
set -e
# s. LACP has given a port up, and has it again, within 3 s where both ends are fast.
shut=4 back=6
bond() {
  $1 iproute2 link add bond0 type bond mode 802.3ad miimon 100 lacp_rate fast
}
for leaf in a b; do
  iproute2 netns add leaf-$leaf
  iproute2 link add up-$leaf type veth peer name to-host
  iproute2 link set to-host netns leaf-$leaf
  at="iproute2 netns exec leaf-$leaf"
  bond "$at"
  $at sh -c 'echo 02:00:00:0f:00:00 > /sys/class/net/bond0/bonding/ad_actor_system; echo 7 > /sys/class/net/bond0/bonding/ad_user_port_key'
  $at iproute2 link set to-host master bond0
  $at iproute2 link set bond0 up
  $at iproute2 addr add 192.0.2.1/24 dev bond0
  $at sh -c 'echo 1 > /proc/sys/net/ipv4/conf/bond0/arp_accept'
done
bond
option
iproute2 link set up-a master bond0
iproute2 link set up-b master bond0
iproute2 link set bond0 up
iproute2 addr add 192.0.2.10/24 dev bond0
sleep $back
told() { iproute2 netns exec leaf-$1 iproute2 neigh show 192.0.2.10 | grep -q lladdr && echo yes || echo no; }
# At most 30 recoveries: one of three or four is enough.
for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
  for leg in a b; do
    iproute2 link set up-$leg down
    sleep $shut
    for leaf in a b; do iproute2 netns exec leaf-$leaf iproute2 neigh flush all; done
    iproute2 link set up-$leg up
    sleep $back
    [ $leg = a ] && other=b || other=a
    own=$(told $leg) others=$(told $other)
    echo "round $round: up-$leg is back: its leaf is told: $own, the other one: $others"
    [ "$own $others" != 'no yes' ] || exit 0
  done
done
INIT
chmod 755 root/init
(cd root && find . | cpio -o -H newc --quiet) >initrd
timeout 600 qemu-system-x86_64 -machine q35,accel=tcg -smp 1 -m 512 -nic none -display none -monitor none -serial stdio -no-reboot \
  -kernel "tree/boot/vmlinuz-$release" -initrd initrd -append 'console=ttyS0 quiet panic=-1' </dev/null | tr -d '\r' >said
grep -E '^(round|end)' said || { tail -20 said >&2; exit 1; }
grep -q '^end with code 0' said && grep '^round' said | tail -1 | grep -q 'told: no, the other one: yes' || { echo "changed" >&2; exit 1; }
if grep '^round' said | grep -qvE 'told: (yes|no), the other one: yes'; then echo "changed" >&2; exit 1; fi
