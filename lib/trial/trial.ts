import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeEvidence, JUDGEMENT_FILE } from '../evidence/judge.js';
import { stableJson } from '../evidence/json.js';
import { readEvidence } from '../evidence/read.js';
import type { Lack } from '../testbed/capability.js';
import { closeWindow } from './close.js';
import { faultWindowOf } from './edges.js';
import { arrivalsOf, type Arrivals } from './extensions/arrivals.js';
import { askingOf, type Asking } from './extensions/asking.js';
import { controllersOf, type Controllers } from './extensions/controllers.js';
import { endingsOf, type Endings } from './extensions/endings.js';
import { fabricOf, type Fabric } from './extensions/fabric.js';
import { loadOf, type Load } from './extensions/load.js';
import { secondHostOf, type SecondHostSpeaks } from './extensions/secondHost.js';
import { stacksOf, type Stacks } from './extensions/stacks.js';
import { tablesOf, type Tables } from './extensions/tables.js';
import { tenantsOf, type Tenants } from './extensions/tenants.js';
import { createFaultBench } from './faultBench.js';
import { faultsOf, type Faults } from './faults.js';
import { framesOf, type Frames } from './frames.js';
import { judged, type Judged } from './judged.js';
import { letSpeak, openWindow, skipAll, type TrialOptions } from './window.js';

/** One scenario on one lab with the replicator under test, while captures are alive: what a scenario works with. */
export interface Trial
  extends
    Frames,
    Faults,
    Stacks,
    Tables,
    Fabric,
    Asking,
    Load,
    Tenants,
    Arrivals,
    Endings,
    Controllers,
    SecondHostSpeaks,
    Pick<TrialOptions, 'lab' | 'plane'> {
  readonly leaves: readonly string[];
  readonly legs: readonly string[];
  /** The legs, rotated per variant of the data plane, so that a fault on one leg hits a different leg in each. */
  readonly legsInTurn: readonly string[];
  /**
   * Before the kernels of these senders are made to speak by other means than those of the trial: otherwise their
   * frames would be taken for invented.
   */
  letSpeak(senders: readonly string[]): void;
  /** The whole scenario cannot be tried here, because these are lacking. */
  cannot(lacks: readonly Lack[]): void;
  /**
   * Repairs what is broken, closes the window and writes the evidence. Once: later calls get the result of the first.
   */
  close(): Promise<void>;
  /** Closes the window and judges the evidence. Once, too. */
  judge(): Promise<Judged>;
}

/** Arms every tap, proves each alive, and opens the window. */
export async function openTrial(options: TrialOptions): Promise<Trial> {
  const { lab, plane, installed, replicator, folder, stopwatch } = options;
  const window = await openWindow(options);
  const edges = faultWindowOf(window);
  const bench = createFaultBench({ ...options, replicator: installed, profile: replicator.profile, window: edges });
  const faults = faultsOf(window, bench, edges);
  const legs = lab.topology.legs.map((leg) => leg.name);
  const turn = (options.turn ?? 0) % legs.length;
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= closeWindow(window, bench));
  let finished: Promise<Judged> | undefined;
  return {
    lab,
    plane,
    leaves: lab.topology.leaves.map((leaf) => leaf.name),
    legs,
    legsInTurn: [...legs.slice(turn), ...legs.slice(0, turn)],
    ...framesOf(window),
    ...faults,
    ...stacksOf(window),
    ...tablesOf(window),
    ...askingOf(window),
    ...loadOf(window),
    ...tenantsOf(window),
    ...arrivalsOf(window),
    ...endingsOf(window),
    ...controllersOf(window),
    ...secondHostOf(window),
    ...fabricOf(window, faults),
    letSpeak: (senders) => letSpeak(window, senders),
    cannot: (lacks) => lacks.forEach((lack) => skipAll(window, lack)),
    close,
    judge: () =>
      (finished ??= close().then(() =>
        stopwatch.time('judged', () => {
          const judgement = judgeEvidence(readEvidence(folder));
          writeFileSync(join(folder, JUDGEMENT_FILE), stableJson(judgement));
          return Promise.resolve(judged(judgement, folder));
        }),
      )),
  };
}
