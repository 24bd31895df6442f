#!/bin/bash
# ip(8) writes "ip link set [ dev ] DEVICE": the word "dev" may be left out. Then a port's name is first tried as an option, and an
# option may be cut short.
# Guess: "ip link set m up" sets up the port m, as it does with swp1; a name that is also a whole option is an error at worst.
# Seen: h is "help", t "txqueuelen", m "master", a "address", n "nomaster": ports with such names cannot be set without "dev", each with
#       another error, and none of them says why. Others that are as short (p, g, v) can. "ip link show" reads names in another way: of
#       a port called "up" that is down it shows nothing, of one called "nomaster" every other port, both with code 0. And
#       "ip link add br type bridge" makes no bridge ("type" is no MAC: br was "broadcast"), while "add n type bridge" ends with code 0 and
#       makes one that has another name.
# Run on 2026-11-28: iproute2 6.1.0-3, kernel 6.18. Needs root, or user namespaces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q iproute2=6.1.0-3 libbpf1 libmnl0 libelf1 libcap2 >/dev/null 2>&1
mkdir root
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
IP=$(find "$work/root" -name ip -type f -perm -1 | head -n 1)
export LD_LIBRARY_PATH IP

cat >inside.sh <<'INSIDE'
set -uo pipefail
told() { # name; command: its code, and the first line that it says
  local said code
  said=$("${@:2}" 2>&1 </dev/null)
  code=$?
  echo "$1: $code ${said%%$'\n'*}"
}
for name in swp1 p g v h t m a n; do
  "$IP" link add name "$name" type veth peer name other
  told "set $name" "$IP" link set "$name" up | cut -c1-60
  told "set dev $name" "$IP" link set dev "$name" up
  "$IP" link del dev "$name"
done
for name in up nomaster; do
  "$IP" link add name "$name" type veth peer name other
  echo "show $name: $("$IP" -o link show "$name" | sed 's/^[0-9]*: \([^:@]*\).*/\1/' | paste -sd' ')"
  echo "show dev $name: $("$IP" -o link show dev "$name" | sed 's/^[0-9]*: \([^:@]*\).*/\1/' | paste -sd' ')"
  "$IP" link del dev "$name"
done
for name in b0 br n; do
  told "add $name" "$IP" link add "$name" type bridge
  echo "there is: $("$IP" -o link show type bridge | sed 's/^[0-9]*: \([^:@]*\).*/\1/' | paste -sd' ')"
  "$IP" link del dev b0 2>/dev/null || :
done
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
unshare "${own[@]}" --net bash inside.sh | tee seen
cat >expected <<'EXPECTED'
set swp1: 0 
set dev swp1: 0 
set p: 0 
set dev p: 0 
set g: 0 
set dev g: 0 
set v: 0 
set dev v: 0 
set h: 255 Usage: ip link add [link DEV | parentdev NAME] [ 
set dev h: 0 
set t: 255 Error: argument "up" is wrong: Invalid "txqueuele
set dev t: 0 
set m: 255 Error: argument "up" is wrong: Device does not ex
set dev m: 0 
set a: 1 "up" is invalid lladdr.
set dev a: 0 
set n: 255 Not enough information: "dev" argument is require
set dev n: 0 
show up: 
show dev up: up
show nomaster: lo other nomaster
show dev nomaster: nomaster
add b0: 0 
there is: b0
add br: 1 "type" is invalid lladdr.
there is: 
add n: 0 
there is: bridge0
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
