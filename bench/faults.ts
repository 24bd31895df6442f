import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULTS } from '../lib/defaults.js';
import { judgeEvidence } from '../lib/evidence/judge.js';
import { readEvidence } from '../lib/evidence/read.js';
import { startStopwatch } from '../lib/trial/stopwatch.js';
import { openTrial } from '../lib/trial/trial.js';
import type { RecoveryFigure } from '../lib/judge/types.js';
import { replicatorNamed } from '../lib/replicator/find.js';
import { installRestartable } from '../lib/replicator/restartable.js';
import { defaultTopology, bringUpDefault, openDefaultTestbed } from '../lib/testing/defaultLab.js';
import { scratchFolder } from './scratch.js';
import { ms, percentile } from './statistics.js';
import type { Bench, Row } from './types.js';

const ovsGroup = replicatorNamed('ovs-group', DEFAULTS);

const REPETITIONS = 20;
/** Faults whose recovery depends on the data plane and the replicator, not on the lab's own schedule. */
const FAULTS = ['unplug', 'adminDown', 'mute', 'restartSwitch', 'killReplicator'] as const;

interface Round {
  /** From the beginning of a test, with only the agent running, to the first fault's edge. */
  readonly toEdgeMs: number;
  readonly figures: readonly RecoveryFigure[];
}

/** One fresh lab; every fault once, under a stream of probes. */
async function round(
  testbed: Awaited<ReturnType<typeof openDefaultTestbed>>,
  mode: string,
  folder: string,
): Promise<Round> {
  const start = performance.now();
  await using lab = await testbed.open({
    topology: await defaultTopology('dual-leaf.yaml', mode),
  });
  const plane = await bringUpDefault(lab, mode);
  await using installed = await installRestartable(ovsGroup, { lab, plane });
  const trial = await openTrial({
    lab,
    faults: DEFAULTS.faults,
    plane,
    replicator: ovsGroup,
    installed,
    folder,
    intent: { type: 'qualify' },
    scenario: 'faults',
    testbed: 'netns',
    environment: {},
    stopwatch: startStopwatch(),
    witnesses: [],
    watchLegs: true,
    switchRestarts: true,
  });
  const [leg = ''] = trial.legs;
  const stream = trial.stream();
  let toEdgeMs = Number.NaN;
  for (const fault of FAULTS) {
    const broken = await trial.inflict(fault, leg);
    if (broken === null) continue;
    // The time after the fault's edge (convergence, the band) is no overhead before it.
    if (Number.isNaN(toEdgeMs))
      toEdgeMs = performance.now() - start - Number(BigInt(await lab.now()) - BigInt(broken.edge.fromNs)) / 1e6;
    await stream.sent(30);
    await broken.repair();
    await stream.sent(30);
  }
  await stream.stop();
  await trial.close();
  return { toEdgeMs, figures: judgeEvidence(readEvidence(folder)).recovery ?? [] };
}

const three = (values: readonly number[]): string =>
  values.length === 0
    ? '-'
    : `${ms(percentile(values, 0.5) / 1e6)} / ${ms(percentile(values, 0.9) / 1e6)} / ${ms(Math.max(...values) / 1e6)}`;

function rowOf(mode: string, fault: string, figures: readonly RecoveryFigure[]): Row {
  return {
    bond: mode,
    fault,
    times: figures.length,
    'missing while due': figures.filter((one) => one.firstMissingNs !== null).length,
    'on every leaf again, p50 / p90 / max': three(figures.flatMap((one) => (one.backNs === null ? [] : [one.backNs]))),
    'longest silence on a leaf, p50 / p90 / max': three(
      figures.map((one) => Math.max(...Object.values(one.longestGapNs))),
    ),
  };
}

export const faultsBench: Bench = {
  name: 'faults',
  title: 'Faults: time to the edge, and recovery of ovs-group under 200 probes a second',
  async run({ progress }) {
    const folder = scratchFolder();
    try {
      await using testbed = await openDefaultTestbed();
      const edges: number[] = [];
      const rows: Row[] = [];
      for (const mode of DEFAULTS.dataPlanes[0]?.variants ?? []) {
        const figures: RecoveryFigure[] = [];
        for (let i = 0; i < REPETITIONS; i++) {
          progress(`${mode}, ${i + 1} of ${REPETITIONS}`);
          const one = await round(testbed, mode, join(folder, `${mode}-${i}`));
          edges.push(one.toEdgeMs);
          figures.push(...one.figures);
        }
        rows.push(
          ...FAULTS.map((fault) =>
            rowOf(
              mode,
              fault,
              figures.filter((one) => one.verb === fault),
            ),
          ),
        );
      }
      return [
        {
          title: 'From test start to the fault edge, each on a fresh lab (target: p50 0.5 s)',
          rows: [
            {
              rounds: edges.length,
              p50: ms(percentile(edges, 0.5)),
              p90: ms(percentile(edges, 0.9)),
              max: ms(Math.max(...edges)),
            },
          ],
        },
        { title: 'Recovery: results, without a target; the resolution is one probe, 5 ms', rows },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
