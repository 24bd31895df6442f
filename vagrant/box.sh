#!/bin/sh
# box.sh: builds build/everyleaf.box, the Vagrant box (provider libvirt) of the lab's machines, from Debian's packages:
# all that a lab needs is in it, so that `vagrant up` fetches nothing. Needs root, about 2 GB and some minutes, and
#   apt-get install mmdebstrap qemu-utils grub-pc-bin e2fsprogs fdisk openssh-client
# Packages come from the mirror that this machine uses itself. Beside the box it leaves the two halves of what makes a
# login safe: the key that the machines let in, and a known_hosts file with the key that they show.
set -eu
[ "$(id -u)" = 0 ] || { echo 'box.sh: needs root, for the owners of the files in the image: sudo sh vagrant/box.sh' >&2; exit 69; }
# The packages' scripts need /proc and /dev, mounted in the image: in a mount namespace that ends with us.
[ -n "${EVERYLEAF_BOX_MOUNTS:-}" ] || exec env EVERYLEAF_BOX_MOUNTS=own unshare --mount --propagation private sh "$0"
cd "$(dirname "$0")"
suite=${SUITE:-bookworm}
disk_gib=4
first_sector=2048

for tool in mmdebstrap qemu-img grub-mkimage mke2fs sfdisk ssh-keygen; do
  command -v "$tool" >/dev/null || { echo "box.sh: $tool is missing: apt-get install mmdebstrap qemu-utils grub-pc-bin e2fsprogs fdisk openssh-client" >&2; exit 69; }
done
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' | awk -v s="$suite" '$2 == s { print $1; exit }')
[ -n "$mirror" ] || { echo "box.sh: this machine's sources.list has no $suite: set SUITE" >&2; exit 69; }

mkdir -p build
work=$(mktemp -d "$PWD/build/work.XXXXXX")
# Whatever ends it: nothing half-built stays, and nothing that is mounted there is touched.
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM HUP

[ -e build/id_ed25519 ] || ssh-keygen -q -t ed25519 -N '' -C 'everyleaf lab' -f build/id_ed25519
ssh-keygen -q -t ed25519 -N '' -C '' -f "$work/host_key"

root=$work/root
mmdebstrap --quiet --mode=root --variant=minbase --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --include=linux-image-amd64,initramfs-tools,systemd-sysv,systemd-resolved,udev,dbus,openssh-server,sudo,iproute2,ethtool,tcpdump,iputils-ping,iputils-arping,nftables,procps,python3-minimal,openvswitch-switch,frr \
  "$suite" "$root" "$mirror"

chroot "$root" useradd -m -s /bin/bash vagrant
echo 'vagrant ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/vagrant"
install -d -m 700 "$root/home/vagrant/.ssh"
cp build/id_ed25519.pub "$root/home/vagrant/.ssh/authorized_keys"
chroot "$root" chown -R vagrant: /home/vagrant/.ssh
rm -f "$root"/etc/ssh/ssh_host_*
install -m 600 "$work/host_key" "$root/etc/ssh/ssh_host_ed25519_key"
install -m 644 "$work/host_key.pub" "$root/etc/ssh/ssh_host_ed25519_key.pub"
# A login must not wait for a name service that a lab does not have.
printf 'UseDNS no\nPasswordAuthentication no\n' >"$root/etc/ssh/sshd_config.d/everyleaf.conf"
# Only the first card is the provider's; the others belong to the lab, and nothing may be sent there unasked.
printf '[Match]\nPath=pci-*\nName=eth0\n\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\n' >"$root/etc/systemd/network/20-provider.network"
printf '[Match]\nName=!lo !eth0\n\n[Link]\nUnmanaged=yes\n' >"$root/etc/systemd/network/90-lab.network"
printf 'net.ipv6.conf.default.accept_ra = 0\nnet.ipv6.conf.default.autoconf = 0\n' >"$root/etc/sysctl.d/everyleaf.conf"
chroot "$root" systemctl -q enable systemd-networkd ssh
chroot "$root" systemctl -q disable frr apt-daily.timer apt-daily-upgrade.timer 2>/dev/null || :
: >"$root/etc/machine-id"
echo everyleaf >"$root/etc/hostname"

uuid=$(cat /proc/sys/kernel/random/uuid)
echo "UUID=$uuid / ext4 errors=remount-ro 0 1" >"$root/etc/fstab"
truncate -s "${disk_gib}G" "$work/disk.raw"
echo "start=$first_sector, type=83, bootable" | sfdisk -q "$work/disk.raw"
mke2fs -q -t ext4 -U "$uuid" -d "$root" -E "offset=$((first_sector * 512))" "$work/disk.raw" "$((disk_gib * 1024 * 1024 - first_sector / 2))k"
# The boot sector loads the core from the sectors behind it, which is where it looks for it unless told otherwise. eth0
# is the first card on every machine only with the kernel's own names.
cat >"$work/grub.cfg" <<EOF
set root=(hd0,msdos1)
linux /vmlinuz root=UUID=$uuid ro net.ifnames=0 console=ttyS0 quiet
initrd /initrd.img
boot
EOF
grub-mkimage -O i386-pc -p '(hd0,msdos1)/boot/grub' -c "$work/grub.cfg" -o "$work/core.img" biosdisk part_msdos ext2 linux boot
dd if=/usr/lib/grub/i386-pc/boot.img of="$work/disk.raw" bs=440 count=1 conv=notrunc status=none
dd if="$work/core.img" of="$work/disk.raw" bs=512 seek=1 conv=notrunc status=none

mkdir "$work/box"
qemu-img convert -c -O qcow2 "$work/disk.raw" "$work/box/box.img"
printf '{ "provider": "libvirt", "format": "qcow2", "virtual_size": %s }\n' "$disk_gib" >"$work/box/metadata.json"
echo 'Vagrant.configure("2") { |config| config.vm.provider(:libvirt) { |libvirt| libvirt.driver = File.writable?("/dev/kvm") ? "kvm" : "qemu" } }' >"$work/box/Vagrantfile"
tar -C "$work/box" -czf "$work/everyleaf.box" metadata.json Vagrantfile box.img
echo "* $(cut -d' ' -f1-2 "$work/host_key.pub")" >"$work/known_hosts"
[ -z "${SUDO_UID:-}" ] || chown "$SUDO_UID:$SUDO_GID" build build/id_ed25519* "$work/everyleaf.box" "$work/known_hosts"
mv "$work/everyleaf.box" "$work/known_hosts" build/
echo 'build/everyleaf.box: now "vagrant box add --force --name everyleaf/debian build/everyleaf.box", then "vagrant up"'
