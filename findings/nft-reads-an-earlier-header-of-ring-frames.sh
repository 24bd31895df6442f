#!/bin/bash
# A rule of nft at the egress hook with "icmpv6 type" and frames that a program sends from the ring of a packet socket (PACKET_TX_RING), as DPDK's
# driver af_packet does. A rule by offsets beside it counts the same frames.
# Guess: both rules count each NS, and neither counts UDP.
# Seen: of frames that come one by one from a plain packet socket that is so. Of an NS and a UDP frame in turns from the ring "icmpv6 type" counts no NS,
#       and each UDP frame whose source port begins with the byte 135: the header of a ring frame is not in the linear part of its buffer, and
#       ipv6_find_hdr (net/ipv6/exthdrs_core.c) reads the next header there, where an earlier frame has left its own. The offsets are right.
# Run on 2026-11-30: nftables 1.0.6-2+deb12u2, kernel 6.18. Needs root and Python 3.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/send.py" <<'PYTHON'
import mmap, socket, struct, sys
SOL_PACKET, PACKET_VERSION, PACKET_TX_RING, ETH_P_ALL = 263, 10, 13, 3
BLOCK, BLOCKS, SLOT, DATA, SEND_REQUEST = 4096, 4, 2048, 32, 1
iface, way = sys.argv[1:]
mac = bytes.fromhex('02000000010a')
to = bytes.fromhex('3333ff000001') + mac + b'\x86\xdd'
addresses = bytes.fromhex('fe80000000000000000000000000000a' + 'ff0200000000000000000001ff000001')
header = lambda following: b'\x60\0\0\0' + struct.pack('!HBB', 32, following, 255) + addresses
target = bytes.fromhex('fe800000000000000000000000000001')
ns = to + header(58) + b'\x87' + bytes(7) + target + b'\1\1' + mac
udp = to + header(17) + b'\x87\0' + struct.pack('!HHH', 53, 32, 0) + bytes(24)
sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
if way == 'ring':
    sender.setsockopt(SOL_PACKET, PACKET_VERSION, 1)
    sender.setsockopt(SOL_PACKET, PACKET_TX_RING, struct.pack('IIII', BLOCK, BLOCKS, SLOT, BLOCK * BLOCKS // SLOT))
sender.bind((iface, ETH_P_ALL))
ring = mmap.mmap(sender.fileno(), BLOCK * BLOCKS) if way == 'ring' else None
for turn in range(20):
    frame = [ns, udp][turn % 2]
    if ring is None:
        sender.send(frame)
        continue
    at = turn * SLOT % (BLOCK * BLOCKS)
    ring[at + DATA:at + DATA + len(frame)] = frame
    ring[at + 4:at + 8] = struct.pack('I', len(frame))
    ring[at:at + 4] = struct.pack('I', SEND_REQUEST)
    sender.send(b'')
PYTHON
cat >"$work/inside.sh" <<'INSIDE'
set -euo pipefail
ip link add near type veth peer name far
for end in near far; do
  ip link set $end addrgenmode none
  ip link set $end up
done
offsets='@ll,96,16 0x86dd @ll,160,8'
name='icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }'
for way in plain ring; do
  printf '%s\n' 'add table netdev t' 'delete table netdev t' 'table netdev t {' ' chain c {' '  type filter hook egress device "near" priority 0' \
    "  $offsets 58 counter comment \"NS by offsets\"" "  $offsets 58 $name counter comment \"NS by name\"" \
    "  $offsets 17 $name counter comment \"UDP taken for NS\"" ' }' '}' | nft -f -
  python3 "$1/send.py" near $way
  nft list table netdev t | sed -n "s/.*packets \([0-9]*\) .*comment \"\(.*\)\"/$way: \2: \1 of 10/p"
done
INSIDE
said=$(unshare --net bash "$work/inside.sh" "$work")
echo "$said"
wanted='plain: NS by offsets: 10 of 10
plain: NS by name: 10 of 10
plain: UDP taken for NS: 0 of 10
ring: NS by offsets: 10 of 10
ring: NS by name: 0 of 10
ring: UDP taken for NS: 10 of 10'
[ "$said" = "$wanted" ] || { echo "changed" >&2; exit 1; }
