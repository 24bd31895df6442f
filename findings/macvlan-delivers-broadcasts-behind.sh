#!/bin/bash
# A VM has a macvlan (mode bridge) on a host's uplink. A neighbor sends it a broadcast ARP request and at once a unicast ARP reply, 200 times, 5 ms apart; then 3,000
# times without a pause, where the macvlan's queue is short (bcqueuelen 32).
# Guess: both come in the order in which they were sent, as through any port; where something is too fast, both are lost, and the macvlan counts it.
# Seen: the reply overtakes the request, 4 to 143 times of 200. A unicast frame is handed over at once; a broadcast or multicast goes into a queue, which a worker
#       of the kernel empties later (drivers/net/macvlan.c, macvlan_process_broadcast). Where the queue is full, broadcasts are lost (341 of 20,000 with
#       the usual 1,000 places), unicast frames never; and the loss is counted at the uplink, as if the NIC had dropped them, and not at the macvlan. So a VM on a
#       macvlan may miss ARP requests and NS in a storm that its host's counters call a NIC's loss, and an order of frames says nothing there.
# Run on 2026-11-30: iproute2 6.1.0-3, tcpdump 4.99.3-1, kernel 6.18. Needs root, or user namespaces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q iproute2=6.1.0-3 libbpf1 libmnl0 libelf1 libbsd0 libmd0 libcap2 libtirpc3 libxtables12 libcap2-bin zlib1g tcpdump=4.99.3-1 libpcap0.8 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
for tool in ip tcpdump; do PATH=$(find "$PWD/root" -path '*bin/*' -name "$tool" -printf '%h\n' -quit):$PATH; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export PATH LD_LIBRARY_PATH

# Sends $1 pairs, $2 seconds apart. The address of the sender says which pair it is.
cat >send.pl <<'SEND'
socket(my $out, 17, 3, 0) or die $!;
my $to = pack("S n i x12", 17, 0, `cat /sys/class/net/neighbor/ifindex`);
my ($pairs, $pause) = @ARGV;
for my $pair (0 .. $pairs - 1) {
  my $ip = sprintf("c000%04x", $pair);
  send($out, pack("H*", "ffffffffffff0200000001010806" . "0001080006040001" . "020000000101${ip}000000000000c0000209"), 0, $to) or die $!;
  send($out, pack("H*", "0200000003010200000001010806" . "0001080006040002" . "020000000101${ip}020000000301c0000209"), 0, $to) or die $!;
  select undef, undef, undef, $pause if $pause > 0;
}
SEND
# Of a capture: broadcasts, unicast frames, and broadcasts behind the unicast frame that was sent after them.
cat >read.pl <<'READ'
open my $file, "<", $ARGV[0] or die $!;
binmode $file;
local $/;
my $bytes = <$file>;
my ($broadcasts, $unicasts, $behind, %came) = (0, 0, 0);
for (my $at = 24; $at + 16 <= length $bytes;) {
  my $captured = unpack("V", substr($bytes, $at + 8, 4));
  my $pair = substr($bytes, $at + 16 + 30, 2);
  if (ord(substr($bytes, $at + 16, 1)) == 255) { $broadcasts++; $behind++ if $came{$pair}; }
  else { $unicasts++; $came{$pair} = 1; }
  $at += 16 + $captured;
}
print "$broadcasts $unicasts $behind\n";
READ

cat >inside.sh <<'INSIDE'
set -euo pipefail
mount -t sysfs sys /sys
# As root tcpdump would become another user, which may not write here.
as=()
[ "$(id -u)" != 0 ] || as=(-Z root)
ip link add neighbor type veth peer name uplink
ip link add link uplink name guest address 02:00:00:00:03:01 type macvlan mode bridge
for name in neighbor uplink guest; do
  echo 1 >"/proc/sys/net/ipv6/conf/$name/disable_ipv6"
  ip link set "$name" up
done
dropped() { cat "/sys/class/net/$1/statistics/rx_dropped"; }
trial() { # pairs, seconds between two
  tcpdump "${as[@]}" -U -s 64 -B 65536 -ni guest -w guest.pcap 'ether src 02:00:00:00:01:01' 2>dump.log &
  dump=$!
  until grep -q 'listening on' dump.log; do sleep 0.05; done
  perl send.pl "$@"
  # All unicast frames, and then as long as it takes until no more broadcast comes: the worker has no other event.
  last=
  until now=$(perl read.pl guest.pcap) && [ "$(echo "$now" | cut -d' ' -f2)" = "$1" ] && [ "$now" = "$last" ]; do last=$now; sleep 0.5; done
  kill "$dump"
  wait "$dump" 2>/dev/null || :
  read -r broadcasts unicasts behind < <(perl read.pl guest.pcap)
}
trial 200 0.005
echo "200 pairs with pauses: $broadcasts broadcasts, $unicasts unicast frames; broadcasts that were overtaken: $([ "$behind" -gt 0 ] && echo some || echo none)"
ip link set guest type macvlan bcqueuelen 32
before=$(dropped uplink)
trial 3000 0
lost=$((3000 - broadcasts))
echo "3000 at once: $unicasts unicast frames; broadcasts lost: $([ "$lost" -gt 0 ] && echo some || echo none)"
echo "counted at the uplink: $([ $(($(dropped uplink) - before)) = "$lost" ] && echo all || echo "$(($(dropped uplink) - before)) of $lost"); at the macvlan: $(dropped guest)"
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-current-user --keep-caps)
timeout 60 unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
200 pairs with pauses: 200 broadcasts, 200 unicast frames; broadcasts that were overtaken: some
3000 at once: 3000 unicast frames; broadcasts lost: some
counted at the uplink: all; at the macvlan: 0
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
