#!/bin/bash
# DPDK's bonding driver under testpmd, two legs on interfaces of the kernel (driver af_packet), the VM on a third one, io forwarding. How many LACPDUs
# leave on the first leg in mode 4 (802.3ad) while the VM is silent and while it sends 100 frames a second; and what becomes of data in mode 3.
# Guess: a timer of the driver sends LACPDUs, one a second or so, whatever the application does, as every switch and the kernel's bond do.
# Seen: while the VM is silent not one LACPDU leaves in 6 s, though the port is started and the bond has its members. They leave only where the
#       application calls transmit, and io forwarding does so only for frames of the VM: 2 in 6 s here, where no partner answers. A leaf behind a
#       silent VM hears nothing. (At its start the driver says: "Using mode 4, it is necessary to do TX burst and RX burst at least every 100ms".)
#       In mode 3 (broadcast) each frame leaves on both legs, tagged or not: ARP, and data, too.
# Run on 2026-11-30: dpdk 22.11.11-0+deb12u1, kernel 6.18. tcpdump 4.99.3-1. No huge pages. Needs root and two processors.
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
ip link set lo up
for port in vm up-a up-b; do
  ip link add $port type veth peer name $port-far
  for end in $port $port-far; do
    ip link set $end addrgenmode none
    ip link set $end up
  done
done
# Frames of the VM: arguments are how many, and ms between two.
send() {
  perl -e 'use Socket; my ($n, $ms, $index) = @ARGV; socket(my $s, 17, 3, 0) or die;
    my $to = pack("S n i S C C a8", 17, 0, $index, 0, 0, 6, "");
    my ($macs, $rest) = (pack("H*", "02000000010b02000000010a"), pack("H*", "0800") . "\0" x 46);
    for (1 .. $n) {
      send($s, $macs . $_ . $rest, 0, $to) or die for "", pack("H*", "81000014");
      select(undef, undef, undef, $ms / 1000);
    }' "$1" "$2" "$(ip -o link show vm-far | cut -d: -f1)"
}
# One LACPDU or frame of the VM per line, as it leaves.
watch() {
  tcpdump --immediate-mode -s 256 -Z root -lnei "$1-far" -Q in "$2" >"$3" 2>/dev/null &
  pids+=($!)
}
drivers=()
for driver in bus_vdev mempool_ring net_af_packet net_bond; do drivers+=(-d "librte_$driver.so.23"); done
start() {
  coproc PMD { exec stdbuf -oL root/usr/bin/dpdk-testpmd "${drivers[@]}" --no-huge -m 256 --no-shconf --no-pci --no-telemetry --lcores 0@0,1@1 \
    --vdev=net_af_packet0,iface=vm --vdev=net_af_packet1,iface=up-a --vdev=net_af_packet2,iface=up-b \
    --vdev="net_bonding0,mode=$1,slave=net_af_packet1,slave=net_af_packet2" \
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
}
stop() {
  echo quit >&"${PMD[1]}"
  wait "$PMD_PID" || :
}
# s. Until tcpdump listens and both members are in the bond; until what was sent is written; and six intervals of LACP's fast timer.
settle=2 rest=1 silence=6
some() { [ "$1" -gt 0 ] && echo some || echo none; }

start 4
watch up-a 'ether proto 0x8809' lacp.txt
sleep $settle
phase() {
  before=$(wc -l <lacp.txt)
  "${@:2}"
  after=$(wc -l <lacp.txt)
  echo "mode 4, the VM $1: $((after - before)) LACPDUs in 6 s" >&2
  echo "mode 4, the VM $1: $(some $((after - before))) LACPDUs"
}
phase 'is silent' sleep $silence
phase 'sends 100 frames a second' send 300 20
sleep $rest
phase 'is silent again' sleep $silence
stop
start 3
watch up-a 'ether src 02:00:00:00:01:0a' a.txt
watch up-b 'ether src 02:00:00:00:01:0a' b.txt
sleep $settle
send 5 20
sleep $rest
for leg in a b; do echo "mode 3, up-$leg: $(grep -vc 802.1Q $leg.txt || :) of 5 frames of data untagged, $(grep -c 'vlan 20' $leg.txt || :) of 5 tagged"; done
stop
INSIDE
said=$(unshare --net bash inside.sh 2>err || { cat err >&2; exit 1; })
cat err
echo "$said"
wanted='mode 4, the VM is silent: none LACPDUs
mode 4, the VM sends 100 frames a second: some LACPDUs
mode 4, the VM is silent again: none LACPDUs
mode 3, up-a: 5 of 5 frames of data untagged, 5 of 5 tagged
mode 3, up-b: 5 of 5 frames of data untagged, 5 of 5 tagged'
[ "$said" = "$wanted" ] || { echo "changed" >&2; exit 1; }
