import { DEFAULTS } from '../../defaults.js';
import type { Plane } from '../../dataplane/plane.js';
import { judgeEvidence } from '../../evidence/judge.js';
import { readEvidence } from '../../evidence/read.js';
import { dutyOf } from '../../profile/duty.js';
import { ovsGroup } from '../../replicator/ovsGroup.js';
import { installRestartable } from '../../replicator/restartable.js';
import type { Replicator } from '../../replicator/types.js';
import type { Lab } from '../../testbed/lab.js';
import { HANGS_MS } from '../../testing/limits.js';
import { startStopwatch } from '../../trial/stopwatch.js';
import { openTrial } from '../../trial/trial.js';
import { until } from '../../until.js';
import { KINDS } from '../../wire/kinds.js';
import { sentByQueue } from '../queues.js';

/** Each neighbor form that some replicator copies. */
const NEIGHBOR_KINDS = KINDS.map(({ id }) => id).filter(
  (id) => dutyOf(ovsGroup.profile, id, 'untagged') === 'replicated',
);

/** Frames that each queue of an uplink has sent. */
export async function sentOn(lab: Lab, port: string): Promise<readonly number[]> {
  const { stdout } = await lab.node('host').exec(['tc', '-s', '-j', 'qdisc', 'show']);
  return sentByQueue(stdout, port) ?? [];
}

/** What each queue sent between two readings. */
export const less = (after: readonly number[], before: readonly number[]) =>
  after.map((sent, i) => sent - (before[i] ?? 0));

/**
 * Every neighbor form of all senders, once through a lab that is up.
 *
 * @param folder gets the evidence
 */
export async function tryAll(lab: Lab, plane: Plane, replicator: Replicator, folder: string, testbed: string) {
  await using installed = await installRestartable(replicator, { lab, plane });
  const trial = await openTrial({
    lab,
    plane,
    replicator,
    installed,
    faults: DEFAULTS.faults,
    folder,
    intent: { type: 'qualify' },
    scenario: 'queues',
    testbed,
    environment: {},
    stopwatch: startStopwatch(),
    witnesses: [],
    watchLegs: false,
  });
  await trial.send(NEIGHBOR_KINDS, { copies: 4, group: 'neighbor frames' });
  await trial.close();
  const evidence = readEvidence(folder);
  const { verdict, findings } = judgeEvidence(evidence);
  return { verdict, sentences: findings.map(({ sentence }) => sentence), audit: evidence.manifest.audit };
}

/** LACPDUs leave by one queue: the first that sends while nobody else does. */
export const queueOfLacp = async (lab: Lab, port: string): Promise<number> => {
  const before = await sentOn(lab, port);
  return until('an LACPDU to be sent', HANGS_MS, async () => {
    const queue = less(await sentOn(lab, port), before).findIndex((sent) => sent > 0);
    return queue < 0 ? null : queue;
  });
};
