import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { SocketDrops } from '../testbed/types.js';
import { inNamespace } from './namespaces.js';
import { netlinkDump } from './sys.js';

/** linux/netlink.h, linux/sock_diag.h */
const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const NLM_F_REQUEST_DUMP = 0x301;
const AF_PACKET = 17;
/** linux/packet_diag.h: PACKET_SHOW_MEMINFO; the attribute PACKET_DIAG_MEMINFO; what struct nlmsghdr and struct packet_diag_msg take. */
const SHOW_MEMINFO = 0x10;
const MEMINFO = 6;
const HEADER = 16;
const MESSAGE = 16;
/** Place of SK_MEMINFO_DROPS among the numbers (linux/sock_diag.h). */
const DROPS = 8;

/**
 * What each packet socket of the current network namespace has lost since it was opened, by inode: sk_drops of the socket, which, unlike its
 * owner's PACKET_STATISTICS, reading does not set back (net/packet/diag.c). null where the kernel cannot tell.
 */
function dropsByInode(): ReadonlyMap<number, number> | null {
  const request = new DataView(new ArrayBuffer(HEADER + 20));
  request.setUint32(0, request.byteLength, true);
  request.setUint16(4, SOCK_DIAG_BY_FAMILY, true);
  request.setUint16(6, NLM_F_REQUEST_DUMP, true);
  request.setUint8(HEADER, AF_PACKET);
  request.setUint32(HEADER + 8, SHOW_MEMINFO, true);
  const messages = netlinkDump(NETLINK_SOCK_DIAG, new Uint8Array(request.buffer));
  if (messages === null) return null;
  const drops = new Map<number, number>();
  for (const bytes of messages) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = HEADER + MESSAGE; at + 4 <= bytes.length; at += (view.getUint16(at, true) + 3) & ~3) {
      const length = view.getUint16(at, true);
      if (length < 4) break;
      if (view.getUint16(at + 2, true) === MEMINFO && length >= 4 + 4 * (DROPS + 1))
        drops.set(view.getUint32(HEADER + 4, true), view.getUint32(at + 4 + 4 * DROPS, true));
    }
  }
  return drops;
}

/** Inodes of the sockets that a process holds; none when it has just ended. */
function socketsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode === undefined ? [] : [Number(inode)];
    });
  } catch {
    return [];
  }
}

/** UDP datagrams that found no room in their socket, IPv4 and IPv6 (`RcvbufErrors` of /proc/net/snmp and snmp6). */
function udpDrops(): number {
  const [names = [], values = []] = readFileSync('/proc/thread-self/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Udp:'))
    .map((line) => line.split(' '));
  const sixth = /^Udp6RcvbufErrors\s+(\d+)$/m.exec(readFileSync('/proc/thread-self/net/snmp6', 'utf8'))?.[1];
  return Number(values[names.indexOf('RcvbufErrors')] ?? 0) + Number(sixth ?? 0);
}

/** What the sockets of a node have lost so far. `switches`: process ids of its switch daemons. */
export function readSocketDrops(node: string, switches: readonly number[]): SocketDrops {
  return inNamespace(node, () => {
    const own = new Set(switches.flatMap(socketsOf));
    const drops = dropsByInode();
    return {
      inputs: drops === null ? null : [...drops].flatMap(([id, dropped]) => (own.has(id) ? [{ id, dropped }] : [])),
      udp: udpDrops(),
    };
  });
}
