/**
 * Runs on a receiver: keeps the number of every packet of the client that arrives. Reports when the fences of all flows
 * are in, and at SIGTERM what arrived.
 */
import { createSocket } from 'node:dgram';
import { FENCE, readPacket, STREAM_PORT } from './packet.js';

const fencesDue = Number(process.argv[2]);
const received: Record<string, number[] | undefined> = {};
const fences = new Set<string>();

function take(bytes: Buffer): void {
  const packet = readPacket(bytes);
  if (packet === null) return;
  if (packet.sequence !== FENCE) {
    (received[packet.stream] ??= []).push(packet.sequence);
    return;
  }
  fences.add(`${packet.stream} ${packet.flow}`);
  if (fences.size === fencesDue) process.stdout.write('fences\n');
}

const sockets = [createSocket('udp4', take), createSocket({ type: 'udp6', ipv6Only: true }, take)];
await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.bind(STREAM_PORT, resolve))));
process.stdout.write('listening\n');
process.on('SIGTERM', () =>
  process.stdout.write(`${JSON.stringify(received)}\n`, () => sockets.forEach((socket) => socket.close())),
);
