import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { HOSTS, judgeLine, withCaptures } from './captures.js';
import { middle, timed, type Cost } from './cost.js';
import type { Generated } from './generate.js';
import { OLD_COMMIT, oldBuild } from './oldBuild.js';
import { median, ms } from './statistics.js';
import type { Bench, BenchOptions, Row, Section } from './types.js';

const ROUNDS = 5;
const FRAMES = 2_000_000;
const LONG_FRAMES = 20_000_000;
/**
 * tshark gets only this part of the frames: all of them would take a quarter of an hour, and more than in proportion.
 */
const TSHARK_SHARE = 10;
const FILTER = 'arp or (icmp6 and (ip6[40]=135 or ip6[40]=136))';
const DISPLAY_FILTER = 'arp || icmpv6.type == 135 || icmpv6.type == 136';

function add(costs: readonly Cost[]): Cost {
  return { wall: costs.reduce((sum, cost) => sum + cost.wall, 0), cpu: costs.reduce((sum, cost) => sum + cost.cpu, 0) };
}

/** Largest resident set of a process, bytes: the kernel's own high-water mark, read until the process is gone. */
async function peakMemory([program = '', ...args]: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: 'ignore' });
  let peak = 0;
  const read = (): void => {
    try {
      const [, kib = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(child.pid)}/status`, 'utf8')) ?? [];
      peak = Math.max(peak, Number(kib) * 1_024);
    } catch {
      // It has just ended.
    }
  };
  const timer = setInterval(read, 5);
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  return peak;
}

const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

function peers(made: Generated, folder: string, { progress, pairs }: BenchOptions): Row[] {
  using old = oldBuild(progress);
  const { files } = made;
  const line = judgeLine(made, folder);
  const oldLine = judgeLine(made, folder, old.folder);
  const ours: Cost[] = [];
  const before: Cost[] = [];
  const tcpdump: Cost[] = [];
  // Run in turns, so that other load on the machine affects all of them.
  for (let round = 0; round < pairs; round++) {
    progress(`round ${round + 1} of ${pairs}`);
    ours.push(timed(line));
    tcpdump.push(add(files.map((file) => timed(['tcpdump', '-r', file, '-w', '/dev/null', FILTER]))));
    before.push(timed(oldLine));
  }
  progress('tshark, once, on a tenth, as it takes long');
  const tenth = add(
    files.map((file) => {
      const head = `${file}.head`;
      timed(['tcpdump', '-r', file, '-c', String(FRAMES / TSHARK_SHARE), '-w', head]);
      return timed([
        'tshark',
        '-r',
        head,
        '-Y',
        DISPLAY_FILTER,
        '-T',
        'fields',
        '-e',
        'frame.time_epoch',
        '-e',
        'eth.src',
      ]);
    }),
  );
  const tshark = { wall: tenth.wall * TSHARK_SHARE, cpu: tenth.cpu * TSHARK_SHARE };
  progress('pcap-parser, once');
  const counter = join(PACKAGE_ROOT, 'dist/bench/countWithPcapParser.js');
  const pcapParser = add(
    files.map((file) => {
      // It does not support nanoseconds; tcpdump writes microseconds.
      const micro = `${file}.micro`;
      timed(['tcpdump', '-r', file, '-w', micro]);
      return timed([process.execPath, counter, micro]);
    }),
  );
  const own = middle(ours);
  // What was measured once stands against the median.
  const shareOf = (costs: readonly Cost[], of: (cost: Cost) => number): number =>
    median(costs.map((cost, i) => of(costs.length === 1 ? own : (ours[i] ?? own)) / of(cost)));
  const row = (what: string, costs: readonly Cost[], target: string): Row => {
    const cost = middle(costs);
    const wall = shareOf(costs, (each) => each.wall);
    return {
      what,
      runs: costs.length,
      wall: ms(cost.wall),
      cpu: ms(cost.cpu),
      'judge / it, wall': wall.toFixed(3),
      'judge / it, cpu': shareOf(costs, (each) => each.cpu).toFixed(3),
      'it / judge, wall': (1 / wall).toFixed(1),
      target,
    };
  };
  return [
    row('everyleaf judge, complete verdict', ours, ''),
    row(`the same, build of ${OLD_COMMIT}`, before, 'judge / it <= 1.0'),
    row('tcpdump -r -w /dev/null FILTER, one after the other', tcpdump, 'judge / it <= 0.7 wall, 1.0 cpu'),
    row(
      `tshark -r -Y FILTER -T fields, two fields; measured on 1/${TSHARK_SHARE} of the frames, times ${TSHARK_SHARE}`,
      [tshark],
      'it / judge >= 250',
    ),
    row('pcap-parser, counting only', [pcapParser], 'it / judge >= 10'),
  ];
}

/** Growth in frames and in leaves: what is left after start-up, per frame and leaf. */
async function growth(progress: (text: string) => void): Promise<Row[]> {
  const start = await withCaptures(2, 100, (made, folder) =>
    middle(Array.from({ length: ROUNDS }, () => timed(judgeLine(made, folder), { codes: [0, 3] }))),
  );
  const rows: Row[] = [];
  for (const [leaves, frames] of [
    [2, 10_000],
    [2, 100_000],
    [2, 1_000_000],
    [2, 10_000_000],
    [4, 1_000_000],
    [8, 1_000_000],
    [16, 1_000_000],
  ] as const) {
    progress(`${leaves} leaves, ${frames} frames each`);
    await withCaptures(leaves, frames, async (made, folder) => {
      const line = judgeLine(made, folder);
      const cost = middle(Array.from({ length: frames > 1_000_000 ? 1 : 3 }, () => timed(line)));
      const per = (total: number, base: number): string =>
        `${(((total - base) * 1e6) / (leaves * frames)).toFixed(0)} ns`;
      rows.push({
        leaves,
        'frames each': frames,
        wall: ms(cost.wall),
        cpu: ms(cost.cpu),
        'wall per frame and leaf after start-up': per(cost.wall, start.wall),
        'cpu per frame and leaf after start-up': per(cost.cpu, start.cpu),
        'peak memory': mib(await peakMemory(line)),
      });
    });
  }
  return rows;
}

export const judgeBench: Bench = {
  name: 'judge',
  title: 'judging captures without tokens',
  async run(options) {
    const { progress } = options;
    const sections: Section[] = [];
    const memory: Row[] = [];
    progress(`two captures of ${FRAMES} frames`);
    await withCaptures(2, FRAMES, async (made, folder) => {
      const line = judgeLine(made, folder);
      sections.push({
        title: `two captures of ${FRAMES} frames each, half neighbor frames, half data, ${HOSTS} hosts, clocks apart and drifting`,
        rows: peers(made, folder, options),
      });
      memory.push({ 'frames each': FRAMES, 'peak memory': mib(await peakMemory(line)), target: '<= 120 MiB' });
    });
    progress(`two captures of ${LONG_FRAMES} frames`);
    await withCaptures(2, LONG_FRAMES, async (made, folder) => {
      memory.push({
        'frames each': LONG_FRAMES,
        'peak memory': mib(await peakMemory(judgeLine(made, folder))),
        target: 'the same',
      });
    });
    sections.push({ title: 'memory', rows: memory });
    sections.push({ title: 'growth; flat within 20 % is the target', rows: await growth(progress) });
    return sections;
  },
};
