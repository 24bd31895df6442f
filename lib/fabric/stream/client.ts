/**
 * Runs on the client: sends numbered packets to each target over many flows at a steady rate, until SIGTERM; then
 * prints when it sent which packet.
 */
import { createSocket, type Socket } from 'node:dgram';
import { FENCE, STREAM_PORT, writePacket, type ClientRecord, type ClientTask } from './packet.js';

const task = JSON.parse(process.argv[2] ?? '') as ClientTask;
/** One flow is one source port: routers hash it (net.ipv4.fib_multipath_hash_policy=1). */
const sockets = task.targets.map((target) =>
  Array.from({ length: task.flows }, () => createSocket(target.includes(':') ? 'udp6' : 'udp4')),
);
await Promise.all(sockets.flat().map((socket) => new Promise<void>((resolve) => socket.bind(0, resolve))));

const sentUs: number[][] = task.targets.map(() => []);
const epochMs = performance.timeOrigin + performance.now();
let began = performance.now();

/**
 * Errors are ignored: a packet that the kernel refuses is as lost as one that a router drops.
 */
const send = (socket: Socket | undefined, stream: number, flow: number, sequence: number): void =>
  socket?.send(writePacket({ stream, flow, sequence }), STREAM_PORT, task.targets[stream] ?? '', () => undefined);

/**
 * Never more at once to one target: a client that got no CPU goes on at its rate, and does not catch up in one burst
 * that fills a switch's buffer.
 */
const MOST_AT_ONCE = 16;
const streamStart = began;

const timer = setInterval(() => {
  const sent = sentUs[0]?.length ?? 0;
  const owed = Math.floor(((performance.now() - began) * task.rate) / 1_000) - sent;
  if (owed > MOST_AT_ONCE) began += ((owed - MOST_AT_ONCE) * 1_000) / task.rate;
  const due = sent + Math.min(owed, MOST_AT_ONCE);
  sentUs.forEach((times, stream) => {
    while (times.length < due) {
      const sequence = times.length;
      const flow = sequence % task.flows;
      times.push(Math.round((performance.now() - streamStart) * 1_000));
      send(sockets[stream]?.[flow], stream, flow, sequence);
    }
  });
}, 5);
process.on('SIGTERM', () => {
  clearInterval(timer);
  sockets.forEach((flows, stream) => flows.forEach((socket, flow) => send(socket, stream, flow, FENCE)));
  const record: ClientRecord = { startNs: String(BigInt(Math.round(epochMs * 1_000)) * 1_000n), sentUs };
  process.stdout.write(`${JSON.stringify(record)}\n`, () => sockets.flat().forEach((socket) => socket.close()));
});
// Only now can it be told to stop.
process.stdout.write('streaming\n');
