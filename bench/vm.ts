import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULTS } from '../lib/defaults.js';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { dataPlaneNamed, testbedNamed } from '../lib/registries.js';
import { loadTopology } from '../lib/run/loadTopology.js';
import { UserError } from '../lib/userError.js';
import { buildGuest } from '../lib/vm/buildGuest.js';
import { openPool } from '../lib/vm/pool.js';
import { median, ms, percentile } from './statistics.js';
import type { Bench, Row } from './types.js';

const KERNEL = 'newest';
const PLANE = { kind: 'kernel-bond', variant: '802.3ad' } as const;
/** Restores for each round of the rest: they are the cheapest, and a p99 needs some. */
const RESTORES = 10;

/** Of a guest that has answered once, MB: what its QEMU holds in memory. */
function rssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
}

/** ms from the start of QEMU to the first answer, and MB, of guests one after the other. */
async function restores(count: number): Promise<{ readonly answered: number[]; readonly rss: number[] }> {
  const { guest, snapshot } = await buildGuest({ kernel: KERNEL }, () => undefined);
  await using pool = openPool(guest, snapshot, 1);
  const answered: number[] = [];
  const rss: number[] = [];
  for (let round = 0; round < count; round++) {
    await using live = await pool.take();
    answered.push(live.answeredAfterMs);
    rss.push(rssMb(live.pid));
  }
  return { answered, rss };
}

/** ms from a guest that is restored to a bond of which both legs distribute, and ms with the restore. */
async function labs(count: number): Promise<{ readonly opened: number[]; readonly up: number[] }> {
  const path = join(PACKAGE_ROOT, 'topologies', 'dual-leaf.yaml');
  const topology = await loadTopology(path, DEFAULTS.dataPlanes, PLANE);
  await using testbed = await testbedNamed('vm', DEFAULTS).open({ binding: null, hold: undefined, kernel: KERNEL });
  const opened: number[] = [];
  const up: number[] = [];
  for (let round = 0; round < count; round++) {
    const start = performance.now();
    await using lab = await testbed.open({ topology });
    opened.push(performance.now() - start);
    await dataPlaneNamed(PLANE.kind, DEFAULTS).bringUp(lab, PLANE.variant);
    up.push(performance.now() - start);
  }
  return { opened, up };
}

/** s of an image from nothing but the lists and packages of the mirror; s of CPU of all its programs. */
function build(): { readonly wall: number; readonly cpu: number } {
  const cache = mkdtempSync(join(tmpdir(), 'everyleaf-vm-bench-'));
  try {
    const script = 'node "$1" vm build >&2; code=$?; times; exit $code';
    const start = performance.now();
    const { status, stdout, stderr } = spawnSync(
      'sh',
      ['-c', script, 'sh', join(PACKAGE_ROOT, 'dist/lib/cli/main.js')],
      { env: { ...process.env, XDG_CACHE_HOME: cache }, encoding: 'utf8' },
    );
    const wall = (performance.now() - start) / 1000;
    if (status !== 0) throw new UserError('the image could not be built', stderr.trim().split('\n').at(-1) ?? null);
    // The second line is of what the shell has waited for: `2m27.8s 1m20.6s`.
    const spent = [...(stdout.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
    return { wall, cpu: spent.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0) };
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

/** Guests: what a restore, a lab in one, and an image cost. The machine's load is told, as an emulated CPU shares it. */
export const vmBench: Bench = {
  name: 'vm',
  title: 'Guests of the testbed vm',
  async run({ progress, pairs }) {
    const before = loadavg()[0] ?? Number.NaN;
    progress(`${RESTORES * pairs} restores`);
    const { answered, rss } = await restores(RESTORES * pairs);
    progress(`${pairs} labs`);
    const { opened, up } = await labs(pairs);
    progress('an image, with all that it needs from the mirror');
    const image = build();
    const rows: readonly Row[] = [
      { what: 'restore, to the first answer, p50', figure: ms(median(answered)), target: '<= 400 ms' },
      { what: 'the same, p99', figure: ms(percentile(answered, 0.99)), target: '' },
      { what: 'RSS of QEMU then, p50', figure: `${Math.round(median(rss))} MB`, target: '' },
      { what: 'lab wired in a restored guest, p50', figure: ms(median(opened)), target: '' },
      { what: 'the same with LACP, p50', figure: ms(median(up)), target: '<= 4000 ms' },
      { what: 'image and snapshot from nothing', figure: `${image.wall.toFixed(0)} s`, target: '<= 60 s' },
      { what: 'CPU of that', figure: `${image.cpu.toFixed(0)} s`, target: '' },
    ];
    const load = `load ${before.toFixed(1)} before and ${(loadavg()[0] ?? Number.NaN).toFixed(1)} after`;
    return [{ title: `${answered.length} restores and ${up.length} labs, one after the other; ${load}`, rows }];
  },
};
