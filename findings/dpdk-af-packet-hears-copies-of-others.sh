#!/bin/bash
# DPDK's bonding driver (mode 2) under testpmd, two legs on interfaces of the kernel (driver af_packet), the VM on a third one. nft copies each ARP frame
# that leaves on one leg to the other one. How many ARP frames leave on each leg, and how many are on the VM's wire, with the driver on the legs
# themselves, and with the driver on a macvlan in passthru mode on each leg.
# Guess: one on each leg, and on the VM's wire the one that the VM sent, in both.
# Seen: on each leg one, in both. On the VM's wire two of each with the driver on the legs: a packet socket hears what others send on its interface
#       (net/core/dev.c, dev_queue_xmit_nit), the driver does not say PACKET_IGNORE_OUTGOING, and the application takes the copy for a frame that came in
#       and hands it to its sender. On macvlans one: what others send on the interface below is not heard there.
# Run on 2026-11-30: dpdk 22.11.11-0+deb12u1, nftables 1.0.6-2+deb12u2, kernel 6.18. tcpdump 4.99.3-1. No huge pages. Needs root and two processors.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
dpdk=22.11.11-0+deb12u1
# testpmd is linked to each of these.
libraries='bitratestats bpf bus-auxiliary bus-dpaa bus-pci bus-vdev cmdline common-dpaax common-iavf common-mlx5- crypto-scheduler cryptodev
  eal ethdev eventdev gro gso hash ip-frag kvargs latencystats mbuf mempool mempool-dpaa mempool-ring meter metrics net net-af-packet net-bnxt
  net-bond net-dpaa net-i40e net-ice net-ixgbe net-mlx5- pcapng pci pdump rcu reorder ring sched security telemetry timer'
packages=()
for library in $libraries; do packages+=("librte-${library}23=$dpdk"); done
apt-get download -q "dpdk-dev=$dpdk" "${packages[@]}" \
  libnuma1 libfdt1 libbsd0 libelf1 libpcap0.8 libjansson4 libibverbs1 ibverbs-providers libnl-3-200 libnl-route-3-200 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
export LD_LIBRARY_PATH RUNTIME_DIRECTORY=$work

cat >inside.sh <<'INSIDE'
set -euo pipefail
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait' EXIT
for port in vm up-a up-b; do
  ip link add $port type veth peer name $port-far
  for end in $port $port-far; do
    ip link set $end addrgenmode none
    ip link set $end up
  done
done
legs=(up-a up-b)
if [ "$1" = macvlan ]; then
  legs=(mac-a mac-b)
  for leg in a b; do
    ip link add link up-$leg name mac-$leg type macvlan mode passthru
    ip link set mac-$leg addrgenmode none
    ip link set mac-$leg up
  done
fi
copies() { echo "chain $1 { type filter hook egress device \"up-$1\" priority 0; meta mark 0 ether type arp meta mark set 7 dup to \"up-$2\"; }"; }
nft "table netdev copies { $(copies a b); $(copies b a); }"
drivers=()
for driver in bus_vdev mempool_ring net_af_packet net_bond; do drivers+=(-d "librte_$driver.so.23"); done
coproc PMD { exec stdbuf -oL root/usr/bin/dpdk-testpmd "${drivers[@]}" --no-huge -m 256 --no-shconf --no-pci --no-telemetry --lcores 0@0,1@1 \
  --vdev=net_af_packet0,iface=vm --vdev="net_af_packet1,iface=${legs[0]},qdisc_bypass=0" --vdev="net_af_packet2,iface=${legs[1]},qdisc_bypass=0" \
  --vdev=net_bonding0,mode=2,slave=net_af_packet1,slave=net_af_packet2 \
  -- --portlist=0,3 --forward-mode=io --total-num-mbufs=8192 --auto-start --interactive 2>&1; }
pids+=("$PMD_PID")
# Its prompt comes when forwarding has started.
while IFS= read -r -t 60 -u "${PMD[0]}" line; do
  echo "$line" >>pmd.log
  case $line in *"io packet forwarding - "*) break ;; esac
done
exec 8<&"${PMD[0]}"
cat <&8 >>pmd.log &
pids+=($!)
for port in vm up-a up-b; do
  tcpdump --immediate-mode -s 256 -Z root -lnei $port-far 'arp and ether src 02:00:00:00:01:0a' >$port.txt 2>/dev/null &
  pids+=($!)
done
# s. Until tcpdump listens and both members are in the bond; until what was sent is written.
settle=2 rest=1
sleep $settle
perl -e 'use Socket; socket(my $s, 17, 3, 0) or die;
  my $frame = "\xff" x 6 . pack("H*", "02000000010a0806") . "\0" x 46;
  for (1 .. 5) { send($s, $frame, 0, pack("S n i S C C a8", 17, 0, $ARGV[0], 0, 0, 6, "")) or die; select(undef, undef, undef, 0.02); }' \
  "$(ip -o link show vm-far | cut -d: -f1)"
sleep $rest
for port in up-a up-b vm; do echo "driver on the $1: $(wc -l <$port.txt) frames of 5 at $port"; done
echo quit >&"${PMD[1]}"
wait "$PMD_PID" || :
INSIDE
said=$(for on in legs macvlan; do unshare --net bash inside.sh $on 2>err || { cat err >&2; exit 1; }; done)
echo "$said"
wanted='driver on the legs: 5 frames of 5 at up-a
driver on the legs: 5 frames of 5 at up-b
driver on the legs: 10 frames of 5 at vm
driver on the macvlan: 5 frames of 5 at up-a
driver on the macvlan: 5 frames of 5 at up-b
driver on the macvlan: 5 frames of 5 at vm'
[ "$said" = "$wanted" ] || { echo "changed" >&2; exit 1; }
