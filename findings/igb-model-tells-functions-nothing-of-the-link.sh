#!/bin/bash
# QEMU's model of a NIC with SR-IOV (igb), with its real drivers in a guest: the cable of the NIC is pulled (set_link). When does a virtual
# function (VF) lose its link?
# Guess: soon after its physical function (PF) has: the PF's driver sends each VF a message when the link changes, whose interrupt
#        makes the VF's driver (igbvf) drop its carrier and look for itself. A bond above it then goes on on another NIC.
# Seen: never. The PF loses its carrier within 2 s, and VF 0 has it still 20 s later. The interrupt of that message comes at the VF's vector for
#       what it receives, and none at the one for messages: the model shifts the number of the vector instead of one bit by that number (hw/net/igb_core.c,
#       mailbox_interrupt_to_vf). A failover that is tested on this model does not happen.
# Run on 2026-11-30: qemu-system-x86 1:10.0.2+ds-2+deb13u1~bpo12+1 on Debian 12, without KVM; in the guest Linux 7.3.4+deb13-amd64 and busybox-static
# 1:1.35.0-4+deb12u1. Needs root, apt with a Debian mirror, qemu-system-x86 (for what a newer one needs), kmod, cpio and xz. One minute, and 130 MB.
set -euo pipefail
work=$(mktemp -d)
qemu=
trap '[ -z "$qemu" ] || kill "$qemu" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
release=7.3.4+deb13-amd64
mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(COMPONENT)' 'Created-By: Packages' | awk '/ Debian main$/ && !/security/ { print $1; exit }')
mkdir -p apt/lists/partial apt/cache/archives/partial debs
for suite in bookworm bookworm-backports trixie-backports; do
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main"
done >apt/sources.list
cat >apt/conf <<CONF
Dir::Etc::sourcelist "$work/apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::Lists "$work/apt/lists";
Dir::Cache "$work/apt/cache";
Acquire::Check-Valid-Until "false";
APT::Sandbox::User "root";
CONF
export APT_CONFIG=$work/apt/conf
apt-get -qq update
(cd debs && apt-get -qq download busybox-static/bookworm "linux-binary-$release" "linux-modules-$release" \
  qemu-system-{x86,common,data}/bookworm-backports seabios/bookworm-backports)
for package in debs/*.deb; do dpkg -x "$package" tree; done
ln -s usr/lib tree/lib 2>/dev/null || true
depmod -b tree "$release" 2>/dev/null

mkdir -p root/{bin,proc,sys,dev,modules}
cp tree/bin/busybox root/bin/
count=0
for module in igb igbvf; do modprobe -d "$PWD/tree" -S "$release" --show-depends $module; done |
  awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
    name=root/modules/$((++count))-$(basename "$file" | cut -d. -f1)
    case $file in *.xz) xz -dc "$file" >"$name" ;; *) cp "$file" "$name" ;; esac
  done
cat >root/init <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
echo 3 >/proc/sys/kernel/printk
for module in $(ls /modules | sort -n); do insmod /modules/$module; done
pf=$(ls /sys/class/net | grep -v '^lo$')
echo 1 >/sys/class/net/$pf/device/sriov_numvfs
vf=$(ls /sys/class/net | grep -v -e '^lo$' -e "^$pf\$")
ip link set $pf up
ip link set $vf up
carrier() { echo "PF $(cat /sys/class/net/$pf/carrier), VF $(cat /sys/class/net/$vf/carrier)"; }
counts() { grep "$vf" /proc/interrupts | awk '{ printf "%s %s, ", $NF, $2 } END { print "" }'; }
for try in $(seq 60); do [ "$(carrier)" != 'PF 1, VF 1' ] || break; sleep 1; done
sleep 3 # The driver of a function looks at its link every 2 s: what it does to the NIC then is over.
echo "both are up: carrier $(carrier); interrupts of the VF: $(counts)"
echo pull the cable
for try in $(seq 60); do [ "$(cat /sys/class/net/$pf/carrier)" = 1 ] || break; sleep 1; done
sleep 20 # Ten of its looks.
echo "20 s later:  carrier $(carrier); interrupts of the VF: $(counts)"
poweroff -f
INIT
chmod +x root/init
(cd root && find . | cpio -o -H newc --quiet) >initrd
mkfifo monitor
LD_LIBRARY_PATH=tree/usr/lib/x86_64-linux-gnu QEMU_MODULE_DIR=$PWD/tree/usr/lib/x86_64-linux-gnu/qemu tree/usr/bin/qemu-system-x86_64 \
  -L tree/usr/share/qemu -L tree/usr/share/seabios -M q35 -m 512 -accel tcg -cpu max -nodefaults -no-reboot -display none \
  -kernel "$(ls tree/usr/lib/modules/$release/vmlinuz tree/boot/vmlinuz-$release 2>/dev/null | head -n 1)" -initrd initrd \
  -append 'console=ttyS0 quiet' -serial file:said -monitor stdio <monitor >monitored 2>&1 \
  -netdev hubport,id=nic,hubid=0 -device pcie-root-port,id=root1,chassis=1,slot=1 -device igb,bus=root1,netdev=nic,mac=02:00:00:00:07:00 &
qemu=$!
exec 3>monitor
until grep -q '^pull the cable' said 2>/dev/null; do kill -0 "$qemu"; sleep 0.2; done
echo 'set_link nic off' >&3
wait "$qemu" || true
qemu=
tr -d '\r' <said | grep -E '^(both|20 s)'
