import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { PacketSocket } from '../testbed/node.js';
import { inNamespace } from './namespaces.js';
import { AF_PACKET, askSockets } from './sys.js';

/** linux/netlink.h: length (32 bits), type (16), flags (16), sequence number, port. */
const NLMSG_HEADER = 16;
const NLM_F_REQUEST_DUMP = 0x301;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
/** linux/sock_diag.h */
const SOCK_DIAG_BY_FAMILY = 20;
/** linux/packet_diag.h: the request, the part of an answer before its attributes, and what is to be shown. */
const REQUEST_BYTES = 20;
const ANSWER_BYTES = 16;
const PACKET_SHOW_MEMINFO = 0x10;
const PACKET_DIAG_MEMINFO = 6;
/** linux/sock_diag.h, SK_MEMINFO_DROPS: the place of `sk_drops` among 32-bit figures. */
const DROPS_AT = 8 * 4;
/** linux/netlink.h, nlattr: length and type, 16 bits each, padded to 4 bytes. */
const ATTRIBUTE_HEADER = 4;
const padded = (length: number) => (length + 3) & ~3;

function dumpRequest(): Uint8Array {
  const request = new Uint8Array(NLMSG_HEADER + REQUEST_BYTES);
  const view = new DataView(request.buffer);
  view.setUint32(0, request.length, true);
  view.setUint16(4, SOCK_DIAG_BY_FAMILY, true);
  view.setUint16(6, NLM_F_REQUEST_DUMP, true);
  view.setUint8(NLMSG_HEADER, AF_PACKET);
  view.setUint32(NLMSG_HEADER + 8, PACKET_SHOW_MEMINFO, true);
  return request;
}

/** One socket of an answer; its drops are null where the kernel does not tell them. */
function socketIn(part: DataView, start: number, end: number): PacketSocket {
  let dropped: number | null = null;
  for (let at = start + NLMSG_HEADER + ANSWER_BYTES; at + ATTRIBUTE_HEADER <= end;) {
    const length = part.getUint16(at, true);
    if (length < ATTRIBUTE_HEADER) break;
    const figure = at + ATTRIBUTE_HEADER + DROPS_AT;
    if (part.getUint16(at + 2, true) === PACKET_DIAG_MEMINFO && figure + 4 <= at + length)
      dropped = part.getUint32(figure, true);
    at += padded(length);
  }
  return { inode: part.getUint32(start + NLMSG_HEADER + 4, true), dropped };
}

/** Inodes of the sockets that a process holds; none when it has ended. */
function heldBy(pid: number): ReadonlySet<number> {
  const folder = `/proc/${pid}/fd`;
  const held = new Set<number>();
  try {
    for (const fd of readdirSync(folder)) {
      try {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${fd}`))?.[1];
        if (inode !== undefined) held.add(Number(inode));
      } catch {
        // It has just been closed.
      }
    }
  } catch {
    // The process has ended.
  }
  return held;
}

/**
 * The packet sockets that a process holds in a node, with the frames that each has lost (`sk_drops`, which reading does
 * not clear). Null where the kernel cannot be asked (no packet_diag). The process is named by a file with its id; where
 * that is not there, it has no sockets.
 */
export function packetSocketsOf(node: string, pidFile: string): readonly PacketSocket[] | null {
  const sockets: PacketSocket[] = [];
  const answer = { isRefused: false };
  inNamespace(node, () =>
    askSockets(dumpRequest(), (part) => {
      for (let at = 0; at + NLMSG_HEADER <= part.byteLength;) {
        const length = part.getUint32(at, true);
        const type = part.getUint16(at + 4, true);
        answer.isRefused = type === NLMSG_ERROR || length < NLMSG_HEADER;
        if (type === NLMSG_DONE || answer.isRefused) return 'last';
        sockets.push(socketIn(part, at, at + length));
        at += padded(length);
      }
      return 'more';
    }),
  );
  if (answer.isRefused) return null;
  let pid: number;
  try {
    pid = Number(readFileSync(pidFile, 'utf8').trim());
  } catch {
    return [];
  }
  const held = heldBy(pid);
  return sockets.filter(({ inode }) => held.has(inode));
}
