import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inNamespace } from './namespaces.js';
import { startPace } from './pace.js';
import { ENETDOWN, EAGAIN, ENOBUFS, openPacketSender, realtimeNs, sendFrame, SystemCallError } from './sys.js';

/** A socket that has taken no frame for this long never will. */
const STUCK_MS = 20_000;
const STUCK_NS = BigInt(STUCK_MS) * 1_000_000n;

const senders = new Map<string, number>();

function senderFor(node: string, port: string): number {
  const key = `${node}/${port}`;
  const known = senders.get(key);
  if (known !== undefined) return known;
  const fd = inNamespace(node, () => openPacketSender(port));
  senders.set(key, fd);
  return fd;
}

/** Closes the sockets of a node; an open socket would keep its namespace alive. */
export function closeSenders(node: string): void {
  for (const [key, fd] of senders) {
    if (!key.startsWith(`${node}/`)) continue;
    senders.delete(key);
    closeSync(fd);
  }
}

export interface InjectRequest {
  readonly node: string;
  readonly port: string;
  readonly frames: readonly Uint8Array[];
  /** Frames per second; the switch under test reads its ports from a socket buffer of a few hundred frames. */
  readonly rate: number;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Sends frames out of a node's port, one after another, at no more than `rate`, but for the few that make up for a
 * delay. Returns when each was handed to the kernel, in ns since the epoch. A frame that the kernel refuses because the
 * link is down, or that a fault on the port's egress takes away (the kernel then says ENOBUFS;
 * include/linux/netdevice.h, net_xmit_errno), gets the time of the attempt and is not sent again: the timeline decides
 * what is expected of it, not this function.
 */
export async function injectFrames(request: InjectRequest): Promise<string[]> {
  const fd = senderFor(request.node, request.port);
  const due = startPace(request.rate, { now: () => process.hrtime.bigint(), sleep, turn });
  const times: string[] = [];
  for (const frame of request.frames) {
    await due();
    const since = process.hrtime.bigint();
    for (;;) {
      const at = realtimeNs();
      const errno = sendFrame(fd, frame);
      if (errno === EAGAIN) {
        // Our own frames still fill the socket: the reader at the other end is behind.
        if (process.hrtime.bigint() - since > STUCK_NS)
          throw new SystemCallError(
            `send on ${request.node}:${request.port}, where nothing has moved for ${STUCK_MS} ms`,
            errno,
          );
        await turn();
        continue;
      }
      if (errno !== 0 && errno !== ENETDOWN && errno !== ENOBUFS)
        throw new SystemCallError(`send on ${request.node}:${request.port}`, errno);
      times.push(String(at));
      break;
    }
  }
  return times;
}
