/**
 * `hold IN OUT MS`: what arrives at the port IN leaves through OUT after MS milliseconds, unaltered and in order. Runs on the host's node,
 * as the daemon of a replicator would; says `holding` when it does.
 */
import { spawn } from 'node:child_process';
import { createCaptureParser } from '../../../pcap/parser.js';
import { openPacketSender, sendFrame } from '../../../agent/sys.js';

/** Longer than any frame of a lab. */
const SNAP_LENGTH = '2048';

const [inPort = '', outPort = '', delayMs = ''] = process.argv.slice(2);
const out = openPacketSender(outPort);
// tcpdump, because the kernel takes a VLAN tag off before a packet socket sees the frame, and tcpdump puts it in again.
const tcpdump = spawn(
  'tcpdump',
  ['-i', inPort, '-Q', 'in', '-n', '--immediate-mode', '-U', '-s', SNAP_LENGTH, '-Z', 'root', '-w', '-'],
  { stdio: ['ignore', 'pipe', 'pipe'] },
);
const parser = createCaptureParser({
  frame(bytes, start, captured) {
    const frame = bytes.slice(start, start + captured);
    // A leg that is down meanwhile takes nothing; who holds frames back does not care.
    setTimeout(() => void sendFrame(out, frame), Number(delayMs));
  },
});
tcpdump.stdout.on('data', (chunk: Buffer) => parser.push(chunk));
tcpdump.stderr.on('data', (chunk: Buffer) => {
  process.stderr.write(chunk);
  if (chunk.includes('listening on')) process.stdout.write('holding\n');
});
tcpdump.on('exit', () => process.exit(1));
