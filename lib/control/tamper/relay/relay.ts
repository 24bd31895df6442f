/**
 * `relay IN OUT MARK ACTION [MS]`: what arrives at the port IN leaves through OUT as changed by the action of
 * actions.ts, with this mark. For what the kernel's hooks cannot do: hold frames, rebuild them, add or remove bytes.
 * Runs on the host or on a leaf; prints `relaying` once it runs.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { openPacketSender, sendFrame } from '../../../agent/sys.js';
import { createCaptureParser } from '../../../pcap/parser.js';
import { readCarrierLine } from '../../../timeline/carrierMonitor.js';
import { ACTIONS } from './actions.js';

/** Longer than any frame of a lab. */
const SNAP_LENGTH = '2048';

const [inPort = '', outPort = '', mark = '0', name = '', ms = '0'] = process.argv.slice(2);
const action = ACTIONS[name]?.(Number(ms));
if (action === undefined) throw new RangeError(`no action "${name}"; there are ${Object.keys(ACTIONS).join(', ')}`);
const out = openPacketSender(outPort, Number(mark));
const onlyWhileDark = name === 'while-dark';
let isDark = false;

// tcpdump, because the kernel takes a VLAN tag off before a packet socket sees the frame, and tcpdump puts it back.
const tcpdump = spawn(
  'tcpdump',
  ['-i', inPort, '-Q', 'in', '-n', '--immediate-mode', '-U', '-s', SNAP_LENGTH, '-Z', 'root', '-w', '-'],
  { stdio: ['ignore', 'pipe', 'pipe'] },
);
const parser = createCaptureParser({
  frame(bytes, start, captured) {
    if (onlyWhileDark && !isDark) return;
    for (const { frame, afterMs } of action(bytes.slice(start, start + captured))) {
      // A leg that went down meanwhile takes no frame; a relay that holds frames does not check.
      if (afterMs === 0) sendFrame(out, frame);
      else setTimeout(() => void sendFrame(out, frame), afterMs);
    }
  },
});
tcpdump.stdout.on('data', (chunk: Buffer) => parser.push(chunk));
tcpdump.stderr.on('data', (chunk: Buffer) => {
  process.stderr.write(chunk);
  if (chunk.includes('listening on')) process.stdout.write('relaying\n');
});
tcpdump.on('exit', () => process.exit(1));

if (onlyWhileDark) {
  const monitor = spawn('ip', ['-o', '-ts', 'monitor', 'link', 'dev', outPort], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface(monitor.stdout).on('line', (line) => {
    const seen = readCarrierLine(line);
    if (seen?.port === outPort) isDark = seen.carrier === 'down';
  });
  monitor.on('exit', () => process.exit(1));
}
