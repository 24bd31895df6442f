import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULTS } from '../lib/defaults.js';
import { judgeEvidence } from '../lib/evidence/judge.js';
import { readEvidence } from '../lib/evidence/read.js';
import { startStopwatch } from '../lib/trial/stopwatch.js';
import { openTrial } from '../lib/trial/trial.js';
import { replicatorNamed } from '../lib/replicator/find.js';
import { installRestartable } from '../lib/replicator/restartable.js';
import { defaultTopology, bringUpDefault, openDefaultTestbed } from '../lib/testing/defaultLab.js';
import { scratchFolder } from './scratch.js';

const ovsGroup = replicatorNamed('ovs-group', DEFAULTS);

/** How long each round took, ms. */
export interface ProbeTimes {
  readonly toVerdict: readonly number[];
  readonly toEvidence: readonly number[];
}

/** One probe through all steps of a run, on a standing lab: from sending it to the verdict on it. */
export async function probeRounds(rounds: number): Promise<ProbeTimes> {
  const folder = scratchFolder();
  const toVerdict: number[] = [];
  const toEvidence: number[] = [];
  try {
    await using testbed = await openDefaultTestbed();
    await using lab = await testbed.open({ topology: await defaultTopology() });
    const plane = await bringUpDefault(lab);
    await using installed = await installRestartable(ovsGroup, { lab, plane });
    for (let i = 0; i < rounds; i++) {
      const trial = await openTrial({
        lab,
        faults: DEFAULTS.faults,
        plane,
        replicator: ovsGroup,
        installed,
        folder: join(folder, String(i)),
        intent: { type: 'qualify' },
        scenario: 'one probe',
        testbed: 'netns',
        environment: {},
        stopwatch: startStopwatch(),
        witnesses: [],
        watchLegs: false,
      });
      const start = performance.now();
      await trial.send(['arp-reply-unicast'], { from: ['vm1'], copies: 1 });
      await trial.close();
      toEvidence.push(performance.now() - start);
      const { verdict } = judgeEvidence(readEvidence(join(folder, String(i))));
      toVerdict.push(performance.now() - start);
      if (verdict !== 'pass') throw new Error(`the probe of round ${i + 1} did not pass: ${verdict}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { toVerdict, toEvidence };
}
