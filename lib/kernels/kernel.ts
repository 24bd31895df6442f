import { mkdirSync, copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeEvidence } from '../evidence/write.js';
import { worstOf } from '../judge/tell/verdict.js';
import type { Verdict } from '../judge/types.js';
import { TestbedError } from '../testbed/error.js';
import { NeverHappened } from '../until.js';
import type { GuestPool } from '../vm/pool.js';
import type { Progress } from '../vm/progress.js';
import type { LiveGuest } from '../vm/restore.js';
import { isByChance, judgeRecovery, together } from './announcements.js';
import { optionIn, type OptionState } from './bondFacts.js';
import { lacpPatienceOf, patienceOf } from './patience.js';
import { AFTER_RECOVERY } from './recovery.js';
import { judgeState, type Due, type StateResult } from './state.js';
import { tryWay, type WayEvidence } from './trial.js';
import { untriedNote, WAYS, type Way } from './ways.js';
import { NO_LACP, OLD_TOOL, wiringScript } from './wiring.js';
import { BOND, WORLD } from './world.js';

/** What one kernel does with `broadcast_neighbor`. */
export interface KernelResult {
  /** `6.17.13`; `6.17.13-own` for a kernel of a person's own, with a number where there are several. */
  readonly version: string;
  /** What `uname -r` prints there. */
  readonly release: string;
  /** The file of a kernel of a person's own; absent for one of the mirror. */
  readonly image?: string;
  readonly option: 'supported' | 'unsupported' | 'unknown';
  /** How the kernel answered when the option was asked for. */
  readonly said: string;
  readonly verdict: Verdict;
  /** Sentences; empty for a pass. */
  readonly reasons: readonly string[];
  /** Sentences about what decides nothing. Absent: there are none. */
  readonly notes?: readonly string[];
  /** null where the guest failed. Where the option is unsupported, `on` is what became of asking for it. */
  readonly off: StateResult | null;
  readonly on: StateResult | null;
}

interface Tried {
  readonly option: OptionState;
  readonly said: string;
  readonly ways: readonly (readonly [Way, WayEvidence])[];
  /** Ports that were shut and came back, after all else; again where chance decided what they told. */
  readonly recoveries: readonly WayEvidence[];
  /** Ways that this kernel has no device for. */
  readonly without: readonly Way[];
}

/** A kernel on trial. */
export interface KernelSubject {
  readonly version: string;
  readonly release: string;
  /** The file of a kernel of a person's own; null for one of the mirror. */
  readonly image: string | null;
  /** Name of the folder with its evidence. */
  readonly folder: string;
  readonly pool: GuestPool;
}

/**
 * Tries a kernel with the option off and on, each in a guest of its own. A guest that fails makes it `blocked`, and is
 * not tried again.
 *
 * @param evidence folder for captures and logs; null where they are not kept
 */
export async function tryKernel(subject: KernelSubject, evidence: string | null, say: Progress): Promise<KernelResult> {
  const { version, release, image } = subject;
  const kernel = { version, release, ...(image === null ? {} : { image }) };
  const [off, on] = await Promise.all(
    [false, true].map(async (option): Promise<Tried | string> => {
      try {
        return await tryOption(subject, option, evidence, say);
      } catch (error) {
        if (!(error instanceof TestbedError || error instanceof NeverHappened)) throw error;
        return `broadcast_neighbor ${stateName(option)}: ${error.message}`;
      }
    }),
  );
  if (off === undefined || on === undefined || typeof off === 'string' || typeof on === 'string') {
    const reasons = [off, on].filter((one) => typeof one === 'string');
    const option = typeof on === 'object' ? support(on) : 'unknown';
    return { ...kernel, option, said: '', verdict: 'blocked', reasons, off: null, on: null };
  }
  const option = support(on);
  const states = {
    off: judgeTried('single-sent', off),
    on: judgeTried(option === 'unsupported' ? 'single-sent' : 'replicated', on),
  };
  const told = (what: (state: StateResult) => readonly string[]): readonly string[] =>
    (['off', 'on'] as const).flatMap((state) =>
      what(states[state]).map((sentence) => `broadcast_neighbor ${state}: ${sentence}`),
    );
  const notes = told((state) => state.notes ?? []);
  return {
    ...kernel,
    option,
    said: on.said,
    verdict: worstOf([states.off.verdict, states.on.verdict]),
    reasons: told(({ reasons }) => reasons),
    ...(notes.length === 0 ? {} : { notes }),
    ...states,
  };
}

function judgeTried(due: Due, { ways, recoveries, without }: Tried): StateResult {
  const judged = together(judgeState(due, ways), judgeRecovery(due, recoveries));
  const notes = without.map(untriedNote);
  return notes.length === 0 ? judged : { ...judged, notes: [...(judged.notes ?? []), ...notes] };
}

const stateName = (option: boolean): 'on' | 'off' => (option ? 'on' : 'off');
const support = ({ option }: Tried): 'supported' | 'unsupported' => (option === 'absent' ? 'unsupported' : 'supported');

async function tryOption(
  { version, release, folder: own, pool }: KernelSubject,
  wantsOn: boolean,
  folder: string | null,
  say: Progress,
): Promise<Tried> {
  const state = stateName(wantsOn);
  await using live = await pool.take();
  try {
    say(
      `kernel ${version}, broadcast_neighbor ${state}: the guest answered after ${Math.round(live.answeredAfterMs)} ms`,
    );
    const wired = await wire(live, wantsOn);
    const wanted: readonly OptionState[] = !wantsOn
      ? ['off', 'absent']
      : wired.option === 'absent'
        ? ['absent']
        : ['on'];
    const ways: (readonly [Way, WayEvidence])[] = [];
    const tried = async (way: Way, name: string = way.id): Promise<WayEvidence> => {
      const evidence = await tryWay(live, way, { release, state, wanted });
      if (folder !== null) keep(join(folder, own, state, name), evidence);
      return evidence;
    };
    const devices = await devicesOf(live);
    const without = WAYS.filter(({ device }) => !devices.includes(device));
    for (const way of WAYS) if (!without.includes(way)) ways.push([way, await tried(way)]);
    const recoveries = [await tried(AFTER_RECOVERY)];
    while (isByChance(wired.option === 'on' ? 'replicated' : 'single-sent', recoveries)) {
      say(
        `kernel ${version}, broadcast_neighbor ${state}: a port told nothing in time when it was back; all once more`,
      );
      recoveries.push(await tried(AFTER_RECOVERY, `${AFTER_RECOVERY.id}-${recoveries.length + 1}`));
    }
    say(`kernel ${version}, broadcast_neighbor ${state}: tried`);
    return { ...wired, ways, recoveries, without };
  } finally {
    if (folder !== null && existsSync(live.serial)) {
      mkdirSync(join(folder, own, state), { recursive: true });
      copyFileSync(live.serial, join(folder, own, state, 'console.log'));
    }
  }
}

/**
 * Makes the bond and its leaves in a guest that has none. Throws TestbedError where the bond never came up.
 *
 * @param wantsOn whether to switch the option on
 */
export async function wire(live: LiveGuest, wantsOn: boolean): Promise<Pick<Tried, 'option' | 'said'>> {
  const { code, output } = await live.shell.run(wiringScript(wantsOn, lacpPatienceOf(live)), patienceOf(live));
  if (code === OLD_TOOL) throw new TestbedError('the iproute2 of the guest does not know broadcast_neighbor');
  if (code === NO_LACP) throw new TestbedError('LACP never came up between the bond and the leaves');
  if (code !== 0) throw new TestbedError(`the bond could not be made (code ${code}): ${output.trim()}`);
  const read = await live.shell.run(`ip -n ${WORLD.host.node} -j -d link show ${BOND}`, patienceOf(live));
  const option = optionIn(read.output);
  if (option === 'unread') throw new TestbedError(`the bond cannot be read: ${read.output.trim()}`);
  return { option, said: output.trim().replaceAll('\n', '; ') };
}

/** Devices of the host. Throws TestbedError where they cannot be read. */
async function devicesOf(live: LiveGuest): Promise<readonly string[]> {
  const { output } = await live.shell.run(`ip netns exec ${WORLD.host.node} ls /sys/class/net`, patienceOf(live));
  const devices = output.split(/\s+/);
  if (!devices.includes(BOND)) throw new TestbedError(`the devices of the host cannot be read: ${output.trim()}`);
  return devices;
}

/** As `everyleaf judge` reads it. */
function keep(folder: string, { manifest, probes, captures }: WayEvidence): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, file } of manifest.taps)
    writeFileSync(join(folder, file), captures.get(name) ?? new Uint8Array(0));
  writeEvidence(folder, manifest, probes);
}
