#!/bin/bash
# A script of ip(8) commands makes the two ends of a veth pair by name: "ip link add x0 type veth peer name y0". It is run by the shell of
# busybox on a machine that has iproute2, too.
# Guess: ip is iproute2's, as PATH says; and where it is busybox's own, which knows few kinds of links, it refuses what it does not know.
# Seen: both packages of Debian have the same version, and differ. The shell of "busybox" takes the ip of PATH. The shell of "busybox-static"
#       takes its own, whatever PATH says, and answers "command -v ip" by the bare word. Its ip makes the pair, leaves the words behind
#       "veth" unread, and exits 0: the other end is called veth0, as the kernel numbers it. The next command about y0 fails, or hits
#       another y0. An unknown kind of link is refused.
# Run on 2026-11-29: busybox and busybox-static 1:1.35.0-4+deb12u1+b1, iproute2 6.1.0-3, kernel 6.18. Needs root, or user namespaces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q busybox=1:1.35.0-4+deb12u1+b1 busybox-static=1:1.35.0-4+deb12u1+b1 iproute2=6.1.0-3 libbpf1 libmnl0 libelf1 libtirpc3 libcap2 libxtables12 >/dev/null 2>&1
for package in ./*.deb; do
  case $(dpkg-deb -f "$package" Package) in
    busybox) dpkg -x "$package" dynamic ;;
    busybox-static) dpkg -x "$package" static ;;
    *) dpkg -x "$package" root ;;
  esac
done
LD_LIBRARY_PATH=$(find root -name '*.so*' -printf '%h\n' | sort -u | sed "s#^#$work/#" | paste -sd:)
mkdir path
ln -s "$work/root/bin/ip" path/ip
cat >inside.sh <<'INSIDE'
case $(command -v ip) in */*) echo 'ip is the one of PATH' ;; *) echo 'ip is its own' ;; esac
ip link add x0 type veth peer name y0
echo "exit $?"
for link in /sys/class/net/*; do
  case ${link##*/} in x0 | y0 | veth0) echo "link ${link##*/}" ;; esac
done
ip link add d0 type nonsense 2>/dev/null
[ $? != 0 ] && echo 'an unknown kind is refused'
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
for which in dynamic static; do
  shell=$which/bin/busybox
  echo "$which"
  PATH="$work/path:$PATH" LD_LIBRARY_PATH=$LD_LIBRARY_PATH \
    unshare "${own[@]}" --net --mount sh -c 'mount -t sysfs sys /sys && exec "$0" sh inside.sh' "$work/$shell"
done | tee seen
cat >expected <<'EXPECTED'
dynamic
ip is the one of PATH
exit 0
link x0
link y0
an unknown kind is refused
static
ip is its own
exit 0
link veth0
link x0
an unknown kind is refused
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
