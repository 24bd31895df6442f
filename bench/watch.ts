import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pcapHeader } from '../lib/pcap/write.js';
import type { KindId } from '../lib/wire/kinds.js';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { template, vary } from './generate.js';
import { ms } from './statistics.js';
import type { Bench, Row } from './types.js';

const HOURS = 24;
/** Frames a second in each capture. */
const RATE = 1_000;
const LEAVES = 2;
const HOSTS = 32;
const KINDS: readonly KindId[] = ['arp-request-broadcast', 'ns-multicast'];
const START_SECONDS = 1_760_000_000;
const RECORD_HEADER = 16;
/** How much later the second leaf sees a frame. */
const SKEW_NS = 30_000;
/** How often memory is looked at, h of what is simulated. */
const LOOK_HOURS = 2;

/** A second of neighbor frames, each on every leaf, as one piece of a capture. No two within a minute are alike. */
function secondOf(leaf: number, second: number, all: readonly Template[]): Buffer {
  const records: Buffer[] = [];
  for (let i = 0; i < RATE; i++) {
    const number = second * RATE + i;
    const { frame, isArp } = all[number % all.length] ?? { frame: new Uint8Array(0), isArp: true };
    vary(frame, isArp, Math.floor(number / all.length) & 0xffff);
    const record = Buffer.alloc(RECORD_HEADER + frame.length);
    record.writeUInt32LE(START_SECONDS + second, 0);
    record.writeUInt32LE(Math.floor((i * 1e9) / RATE) + leaf * SKEW_NS, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    record.set(frame, RECORD_HEADER);
    records.push(record);
  }
  return Buffer.concat(records);
}

interface Template {
  readonly frame: Uint8Array;
  readonly isArp: boolean;
}

function templates(): readonly Template[] {
  return Array.from({ length: HOSTS }, (_, host) => {
    const mac = `02:00:00:00:01:${host.toString(16).padStart(2, '0')}`;
    return KINDS.map((kind) => ({ frame: template(kind, mac, host), isArp: kind.startsWith('arp') }));
  }).flat();
}

/** Resident memory now and at its highest, MiB (proc(5), VmRSS and VmHWM). */
function memoryOf(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1_024);
  return { now: mib('VmRSS'), most: mib('VmHWM') };
}

/** A day of captures, through pipes, as fast as they are taken. */
export const watchBench: Bench = {
  name: 'watch',
  title: `Watching ${LEAVES} captures of ${RATE} frames/s, ${HOURS} h of them as fast as they are taken`,
  async run({ progress }) {
    const main = join(PACKAGE_ROOT, 'dist/lib/cli/main.js');
    // What Node hands to a child are sockets, which cannot be opened by a name as pipes can.
    const script = 'exec "$@" leaf-a=<(exec cat <&3) leaf-b=<(exec cat <&4) --hosts auto --json 3<&- 4<&-';
    const child = spawn('bash', ['-c', script, 'bench', process.execPath, main, 'watch'], {
      stdio: ['ignore', 'pipe', 'inherit', 'pipe', 'pipe'],
    });
    const ended = once(child, 'close');
    let last = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      last = (last + text).slice(-0x4000);
    });
    const pipes = child.stdio.slice(3) as readonly Writable[];
    for (const pipe of pipes) pipe.write(pcapHeader(1));
    const frames = templates();
    const rows: Row[] = [];
    const start = performance.now();
    for (let seconds = 0; seconds < HOURS * 3_600; seconds++) {
      await Promise.all(
        pipes.map(async (pipe, leaf) => {
          if (!pipe.write(secondOf(leaf, seconds, frames))) await once(pipe, 'drain');
        }),
      );
      if ((seconds + 1) % (LOOK_HOURS * 3_600) !== 0) continue;
      const { now, most } = memoryOf(child.pid ?? 0);
      const hours = (seconds + 1) / 3_600;
      progress(`${hours} h: ${now} MiB`);
      rows.push({ hours, 'memory, MiB': now, 'most, MiB': most, wall: ms(performance.now() - start) });
    }
    for (const pipe of pipes) pipe.end();
    const [code] = (await ended) as [number | null];
    const verdict = /"sentence":"([^"]*)"/.exec(last)?.[1] ?? 'no verdict';
    return [{ title: `memory; flat is the target. Exit code ${code ?? 'none'}: ${verdict}`, rows }];
  },
};
