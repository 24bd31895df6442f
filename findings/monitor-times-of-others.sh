#!/bin/bash
# `ip -o -ts monitor link dev X` is the usual way to note when the carrier of one port went and came: one line for each change, its time first.
# Guess: a line begins with one time, that of its message; messages about other ports leave no trace.
# Seen: the time of every message is printed as it arrives, and only then is the message about another port left out, without its line. So the
#       next line of X begins with the times of all that were left out, and only the last of them is its own: who reads the first is as
#       wrong as the time since X last changed.
# Run on 2026-11-27: iproute2 6.1.0-3, kernel 6.18. Needs root, or user namespaces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q iproute2=6.1.0-3 libbpf1 libmnl0 libelf1 libbsd0 libcap2 libdb5.3 libtirpc3 libxtables12 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
IP=$(find "$PWD/root" -path '*bin/ip' -print -quit)
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export IP LD_LIBRARY_PATH
cat >inside.sh <<'INSIDE'
set -euo pipefail
mount -t tmpfs none /run
mkdir /run/netns
"$IP" netns add other
"$IP" link add x type veth peer name x-far netns other
"$IP" link add y type veth peer name y-far netns other
for port in x y; do
  "$IP" link set "$port" up
  "$IP" -n other link set "$port-far" up
done
stdbuf -oL timeout 20 "$IP" -o -ts monitor link dev x >lines &
# The first line shows that it listens; the rest is bounded by the loop.
for _ in $(seq 100); do
  "$IP" link set x txqueuelen 1001
  "$IP" link set x txqueuelen 1000
  [ -s lines ] && break
  sleep 0.05
done
before=$(wc -l <lines)
"$IP" -n other link set y-far down
"$IP" -n other link set y-far up
"$IP" -n other link set x-far down
for _ in $(seq 100); do
  tail -n +"$((before + 1))" lines | grep -q NO-CARRIER && break
  sleep 0.05
done
kill %1
tail -n +"$((before + 1))" lines | grep -m1 NO-CARRIER >line
echo "line of: $(grep -oE "[0-9]+: [^:@ ]+@" line | tr -d "@" | cut -d" " -f2)"
[ "$(grep -oE '^(\[[^]]*\] ?)+' line | grep -o '\[' | wc -l)" -gt 1 ] && echo 'times before it: more than one'
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-root-user)
unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
line of: x
times before it: more than one
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
