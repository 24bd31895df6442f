#!/bin/bash
# The bonding option broadcast_neighbor came with Linux 6.17; iproute2 sets it by netlink (IFLA_BOND_BROADCAST_NEIGH). A host's kernel is often older than its tools.
# Guess: on an older kernel `ip link add ... type bond mode 802.3ad broadcast_neighbor on` fails, as each option does that does not fit: "not supported".
# Seen: iproute2 7.3.0 on Linux 6.12: exit 0 and not a word, when the bond is made and when it is changed, and no message of the kernel either. The kernel skips attributes above those that it
#       knows. `ip -d -j link show` then has no such field, and sysfs no such file, which is the only sign: a host is set up for it, everything says yes, and each frame still leaves by one leg.
#       An option that the kernel knows and that does not fit is refused, as guessed (lacp_rate in active-backup).
# Run on 2026-11-30: linux-image-6.12.117+deb13-cloud-amd64 6.12.117-1, iproute2 7.3.0-1 with the libraries of Debian sid; a guest of QEMU 7.2 without KVM, one processor;
# busybox-static 1:1.35.0-4+deb12u1 in it. Needs root, apt with a Debian mirror, qemu-system-x86, cpio, kmod and xz. A minute.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
release=6.12.117+deb13-cloud-amd64
mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(COMPONENT)' 'Created-By: Packages' | awk '/ Debian main$/ && !/security/ { print $1; exit }')
mkdir -p apt/lists/partial apt/cache/archives/partial
for suite in trixie sid; do echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main"; done >apt/sources.list
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
mkdir kernel tools
(cd kernel && APT_CONFIG=$work/apt/conf apt-get -qq download "linux-image-$release=6.12.117-1" && apt-get -qq -o APT::Sandbox::User=root download busybox-static)
(cd tools && APT_CONFIG=$work/apt/conf apt-get -qq download iproute2=7.3.0-1 libbpf1/sid libc6/sid libcap2/sid libdb5.3t64/sid libelf1t64/sid libmnl0/sid libselinux1/sid \
  libtirpc3t64/sid libxtables12/sid zlib1g/sid libzstd1/sid libpcre2-8-0/sid libgssapi-krb5-2/sid libkrb5-3/sid libk5crypto3/sid libkrb5support0/sid libcom-err2/sid libkeyutils1/sid \
  libssl3t64/sid)
for package in kernel/*.deb; do dpkg -x "$package" tree; done
depmod -b tree "$release" 2>/dev/null || { ln -s usr/lib tree/lib && depmod -b tree "$release"; }

mkdir -p root/{bin,proc,sys,run,dev,modules,lib64}
for package in tools/*.deb; do dpkg -x "$package" sid; done
mkdir -p root/usr/lib/x86_64-linux-gnu
cp -a sid/usr/lib/x86_64-linux-gnu/*.so* root/usr/lib/x86_64-linux-gnu/ 2>/dev/null
[ ! -d sid/lib/x86_64-linux-gnu ] || cp -a sid/lib/x86_64-linux-gnu/*.so* root/usr/lib/x86_64-linux-gnu/
cp -L "$(find sid -name 'ld-linux-x86-64.so.2' | head -n 1)" root/lib64/
ip=$(find sid -path '*/bin/ip' -type f | head -n 1)
cp "$ip" root/bin/iproute2
cp tree/bin/busybox root/bin/ 2>/dev/null || cp tree/usr/bin/busybox root/bin/
count=0
while read -r file; do
  printf -v name root/modules/%02d-%s $((++count)) "$(basename "$file" | cut -d. -f1)"
  case $file in *.xz) xz -dc "$file" >"$name" ;; *) cp "$file" "$name" ;; esac
done < <(modprobe -d tree -S "$release" --show-depends bonding | awk '$1 == "insmod" { print $2 }')
cat >root/init <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu
mount -t proc proc /proc
mount -t sysfs sys /sys
for module in /modules/*; do case $module in *-bonding) insmod "$module" max_bonds=0 ;; *) insmod "$module" ;; esac; done
iproute2 -V | sed 's/, libbpf.*//'
dmesg -c >/dev/null
try() { # what, command...
  what=$1
  shift
  code=0
  said=$("$@" 2>&1) || code=$?
  echo "$what: exit $code${said:+, $said}"
}
try 'made with it' iproute2 link add bond0 type bond mode 802.3ad broadcast_neighbor on
try 'changed to it' iproute2 link set bond0 type bond broadcast_neighbor on
echo "fields of it: $(iproute2 -d -j link show bond0 | grep -c broadcast_neigh), files in sysfs: $(ls /sys/class/net/bond0/bonding | grep -c broadcast_neigh)"
try 'one that does not fit' iproute2 link add bond1 type bond mode active-backup lacp_rate fast
echo "lines of the kernel that name it: $(dmesg | grep -c broadcast)"
echo "end"
poweroff -f
INIT
chmod 755 root/init
(cd root && find . | cpio -o -H newc --quiet) >initrd
timeout 300 qemu-system-x86_64 -machine q35,accel=tcg -cpu max -smp 1 -m 768 -nic none -display none -monitor none -serial stdio -no-reboot \
  -kernel "tree/boot/vmlinuz-$release" -initrd initrd -append 'console=ttyS0 quiet panic=-1' </dev/null | tr -d '\r' >said
grep -E '^(ip |made|changed|fields|one|lines|end)' said | tee seen
cat >expected <<'EXPECTED'
ip utility, iproute2-7.3.0
made with it: exit 0
changed to it: exit 0
fields of it: 0, files in sysfs: 0
one that does not fit: exit 2, Error: option not supported in mode.
lines of the kernel that name it: 0
end
EXPECTED
diff expected seen || { tail -25 said >&2; echo 'this has changed'; exit 1; }
