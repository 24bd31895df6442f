#!/bin/bash
# A leaf's bridge has a port with neigh_suppress, as ports to a VXLAN fabric have it, and a port without. A host on a third port sends each form of ARP and ND.
# The bridge knows no neighbor at all. What is flooded to the port with neigh_suppress?
# Guess: everything. ip-link(8) and bridge(8) say "neigh discovery (arp and nd) proxy and suppression": a question whose answer the bridge knows is
#       answered by it and not flooded; what it does not know goes its way.
# Seen: only questions that can be answered do. Of a host's announcements none does: neither a gratuitous request or reply nor an unsolicited NA; nor
#       an ARP probe, nor the NS of duplicate address detection, although nobody could answer in the bridge's place (br_do_proxy_suppress_arp,
#       br_do_suppress_nd of net/bridge/br_arp_nd_proxy.c). So behind such a port a host that moved is not heard of, and the same address may be taken twice:
#       only the fabric's own control plane can tell, or a sender that asks for somebody. The port without the flag has all ten frames.
# Run on 2026-11-30: iproute2 6.1.0-3, tcpdump 4.99.3-1, kernel 6.18. Needs root, or user namespaces.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q iproute2=6.1.0-3 libbpf1 libmnl0 libelf1 libbsd0 libmd0 libcap2 libtirpc3 libxtables12 libcap2-bin zlib1g tcpdump=4.99.3-1 libpcap0.8 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
for tool in ip bridge tcpdump; do PATH=$(find "$PWD/root" -path '*bin/*' -name "$tool" -printf '%h\n' -quit):$PATH; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export PATH LD_LIBRARY_PATH

cat >send.pl <<'SEND'
socket(my $out, 17, 3, 0) or die $!;
my $index = `cat /sys/class/net/host-nic/ifindex`;
my ($mac, $all, $leaf, $nobody) = ("020000000101", "ffffffffffff", "0200000000fe", "0" x 12);
sub put { send($out, pack("H*", $_[0]), 0, pack("S n i x12", 17, 0, $index)) or die $!; }
sub arp { my ($to, $operation, $from, $whom, $about) = @_; put("$to${mac}0806000108000604$operation$mac$from$whom$about"); }
sub sum { my $s = 0; $s += $_ for unpack("n*", pack("H*", $_[0])); $s = ($s >> 16) + ($s & 0xffff) while $s >> 16; sprintf("%04x", ~$s & 0xffff); }
sub nd {
  my ($mac_to, $from, $to, $type, $flags, $about, $option) = @_;
  my $packet = "${type}000000$flags$about$option";
  my $length = sprintf("%04x", length($packet) / 2);
  substr($packet, 4, 4) = sum("$from${to}0000${length}0000003a$packet");
  put("$mac_to${mac}86dd60000000${length}3aff$from$to$packet");
}
my ($own, $other) = ("c0000201", "c0000209");
arp($all, "0001", $own, $nobody, $other);
arp($leaf, "0001", $own, $nobody, $other);
arp($leaf, "0002", $own, $leaf, $other);
arp($all, "0001", "00000000", $nobody, $own);
arp($all, "0001", $own, $nobody, $own);
arp($all, "0002", $own, $mac, $own);
my ($own6, $other6, $group) = ("20010db8" . "0" x 23 . "1", "20010db8" . "0" x 23 . "9", "ff02" . "0" x 19 . "1ff00000");
nd("3333ff000009", $own6, "${group}9", "87", "00000000", $other6, "0101$mac");
nd($leaf, $own6, "fe80" . "0" x 27 . "f", "88", "60000000", $own6, "0201$mac");
nd("3333ff000001", "0" x 32, "${group}1", "87", "00000000", $own6, "");
nd("333300000001", $own6, "ff02" . "0" x 27 . "1", "88", "20000000", $own6, "0201$mac");
SEND

cat >inside.sh <<'INSIDE'
set -euo pipefail
mount -t sysfs sys /sys
# As root tcpdump would become another user, which may not write here.
as=()
[ "$(id -u)" != 0 ] || as=(-Z root)
ip link add br0 type bridge mcast_snooping 0
for end in host with without; do
  ip link add "$end-nic" type veth peer name "$end-port"
  ip link set "$end-port" master br0
done
for name in br0 {host,with,without}-{nic,port}; do
  echo 1 >"/proc/sys/net/ipv6/conf/$name/disable_ipv6"
  ip link set "$name" up
done
bridge link set dev with-port neigh_suppress on
for end in with without; do
  tcpdump "${as[@]}" -U -ni "$end-nic" -w "$end.pcap" 'ether src 02:00:00:00:01:01' 2>"$end.said" &
  until grep -q 'listening on' "$end.said"; do sleep 0.05; done
done
for end in host with without; do until [ "$(cat "/sys/class/net/$end-port/brport/state")" = 3 ]; do sleep 0.05; done; done
lines() { tcpdump -ntr "$1.pcap" 2>/dev/null | wc -l; }
for ((round = 1; round <= 2; round++)); do
  perl send.pl
  until [ "$(lines without)" -ge $((10 * round)) ]; do sleep 0.05; done
done
until [ "$(lines with)" -ge 10 ]; do sleep 0.05; done
kill $(jobs -p)
wait || :
for end in with without; do
  echo "$end neigh_suppress:"
  tcpdump -ntr "$end.pcap" 2>/dev/null | sed -E 's/, length.*//; s/ICMP6, //; s/neighbor //' | sort | uniq -c | sed 's/^ *//'
done
INSIDE
own=()
[ "$(id -u)" = 0 ] || own=(--user --map-current-user --keep-caps)
timeout 60 unshare "${own[@]}" --net --mount bash inside.sh | tee seen
cat >expected <<'EXPECTED'
with neigh_suppress:
2 ARP, Reply 192.0.2.1 is-at 02:00:00:00:01:01
4 ARP, Request who-has 192.0.2.9 tell 192.0.2.1
2 IP6 2001:db8::1 > fe80::f: advertisement, tgt is 2001:db8::1
2 IP6 2001:db8::1 > ff02::1:ff00:9: solicitation, who has 2001:db8::9
without neigh_suppress:
4 ARP, Reply 192.0.2.1 is-at 02:00:00:00:01:01
2 ARP, Request who-has 192.0.2.1 tell 0.0.0.0
2 ARP, Request who-has 192.0.2.1 tell 192.0.2.1
4 ARP, Request who-has 192.0.2.9 tell 192.0.2.1
2 IP6 2001:db8::1 > fe80::f: advertisement, tgt is 2001:db8::1
2 IP6 2001:db8::1 > ff02::1: advertisement, tgt is 2001:db8::1
2 IP6 2001:db8::1 > ff02::1:ff00:9: solicitation, who has 2001:db8::9
2 IP6 :: > ff02::1:ff00:1: solicitation, who has 2001:db8::1
EXPECTED
diff expected seen || { echo 'this has changed'; exit 1; }
