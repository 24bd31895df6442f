import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadBinding } from '../lib/binding/load.js';
import { DEFAULTS } from '../lib/defaults.js';
import { PACKAGE_ROOT } from '../lib/packageRoot.js';
import { bringUpMachines, type LocalMachines } from '../lib/ssh/local/bringUp.js';
import { planMachines } from '../lib/ssh/local/plan.js';
import { need } from '../lib/testbed/capability.js';
import type { Testbed } from '../lib/testbed/testbed.js';
import { defaultTopology } from '../lib/testing/defaultLab.js';
import { timed } from './cost.js';
import { scratchFolder } from './scratch.js';
import { onBinding } from './sshLab.js';
import { median, ms } from './statistics.js';
import type { Bench, BenchOptions, Row } from './types.js';

const BINDING = join(PACKAGE_ROOT, 'topologies/bindings/two-linux-leaves-local.yaml');
const FRAMES = 400_000;
const RATE = 200_000;
const OPENINGS = 5;
const OPEN_MS = 3_000;
const MEMORY_KIB = 120 * 1024;
const TIMES_NETNS = 3;

/** Any frame will do. */
const PROBE = Buffer.alloc(60, 1);

async function firstProbe(testbed: Testbed): Promise<void> {
  await using lab = await testbed.open({ topology: await defaultTopology() });
  const [leg] = lab.links;
  if (leg === undefined) throw new Error('a lab without legs');
  await need(leg.a.inject)([PROBE]);
  sentAt = performance.now();
}

let sentAt = 0;

/** From nothing to a frame on the wire; and the same for the next lab of a run. */
async function openings({ progress }: BenchOptions): Promise<readonly Row[]> {
  const first: number[] = [];
  const next: number[] = [];
  for (let round = 1; round <= OPENINGS; round++) {
    progress(`opening ${round} of ${OPENINGS}`);
    const start = performance.now();
    await onBinding(BINDING, DEFAULTS, async (testbed) => {
      await firstProbe(testbed);
      first.push(sentAt - start);
      const again = performance.now();
      await firstProbe(testbed);
      next.push(sentAt - again);
    });
  }
  const row = (what: string, samples: readonly number[]): Row => ({
    what,
    p50: ms(median(samples)),
    'p50 / target': (median(samples) / OPEN_MS).toFixed(2),
    target: `<= ${OPEN_MS} ms`,
  });
  return [
    row('binding opened to first probe: login, look, lease, lab, calibration', first),
    row('the next lab of the same run to its first probe', next),
  ];
}

interface Streamed {
  readonly sentPerSecond: number;
  readonly came: number;
  readonly captured: number | null;
  readonly dropped: number | null;
  readonly drainedMs: number;
  readonly maxRssKib: number;
}

/** In a process of its own, whose memory is its own. */
function streamed(machines: LocalMachines): Row {
  const pid = machines.machines.get('server')?.pid ?? 0;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(PACKAGE_ROOT, 'dist/bench/sshStream.js'), BINDING, String(pid), String(FRAMES), String(RATE)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the stream failed: ${stderr.trim()}`);
  const said = JSON.parse(stdout) as Streamed;
  return {
    'sent/s': said.sentPerSecond,
    'came / sent': (said.came / FRAMES).toFixed(4),
    'dropped by kernel': said.dropped ?? 'unknown',
    drained: ms(said.drainedMs),
    'memory here': `${Math.round(said.maxRssKib / 1024)} MiB`,
    'memory / target': (said.maxRssKib / MEMORY_KIB).toFixed(2),
    target: 'nothing lost, <= 120 MiB',
  };
}

/** One scenario there and here, in turns. Exit code 3: no control is made, so that it cannot pass. */
function againstNetns({ progress, pairs }: BenchOptions, scratch: string): readonly Row[] {
  const own: number[] = [];
  const local: number[] = [];
  const run = (out: string, ...where: readonly string[]): number =>
    timed(
      [
        ...[process.execPath, join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'run', ...where, '--out', join(scratch, out)],
        ...['--mode', 'balance-tcp', '--scenario', 'every ARP form', '--controls', 'none'],
      ],
      { codes: [3] },
    ).wall;
  const replicator = join(PACKAGE_ROOT, 'docs/examples/replicator/ovs-flows.yaml');
  for (let pair = 1; pair <= pairs; pair++) {
    progress(`pair ${pair} of ${pairs}`);
    own.push(run(`ssh-${pair}`, '--testbed', 'ssh', '--binding', BINDING));
    local.push(run(`netns-${pair}`, '--testbed', 'netns', '--replicator', replicator));
  }
  const ratio = median(own.map((wall, i) => wall / (local[i] ?? wall)));
  return [
    { where: 'ssh', wall: ms(median(own)), 'it / netns': ratio.toFixed(2), target: `<= ${TIMES_NETNS}` },
    { where: 'netns', wall: ms(median(local)), 'it / netns': '1.00', target: '' },
  ];
}

export const sshBench: Bench = {
  name: 'ssh',
  title: 'Machines that are reached by ssh: OpenSSH in namespaces of this machine',
  async run(options) {
    const scratch = scratchFolder();
    // What is kept about a person's own machines is not ours.
    process.env['XDG_STATE_HOME'] = scratch;
    try {
      const plan = planMachines(await loadBinding(BINDING, DEFAULTS.dataPlanes), BINDING);
      await using machines = await bringUpMachines(plan, new AbortController().signal);
      const opened = await openings(options);
      options.progress('stream');
      const stream = streamed(machines);
      return [
        { title: `${OPENINGS} openings`, rows: opened },
        { title: `${FRAMES} frames at ${RATE} frames/s, captured at a leaf and streamed here`, rows: [stream] },
        {
          title: 'One scenario without controls, the whole command, in turns (medians)',
          rows: againstNetns(options, scratch),
        },
      ];
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};
