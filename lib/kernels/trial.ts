import { randomInt } from 'node:crypto';
import { portDropsIn, statistic } from '../capture/live.js';
import { planeName } from '../dataplane/traits.js';
import type { EvidenceManifest, Nanoseconds, Probe, Tap, TapRecord } from '../evidence/types.js';
import { createCaptureParser } from '../pcap/parser.js';
import { TestbedError } from '../testbed/error.js';
import { FIRST_CONTROL_ID } from '../wire/control.js';
import type { LiveGuest } from '../vm/restore.js';
import { auditOf, type OptionState } from './bondFacts.js';
import { lacpPatienceOf, patienceOf } from './patience.js';
import { waitedInVain } from './recovery.js';
import { sectionsOf, trialScript, type Controls } from './trialScript.js';
import type { Way } from './ways.js';
import { WORLD } from './world.js';

/** What one way into the bond gave, as the judge takes it. */
export interface WayEvidence {
  readonly manifest: EvidenceManifest;
  readonly probes: readonly Probe[];
  /** By name of the tap. */
  readonly captures: ReadonlyMap<string, Uint8Array>;
  /** Lines of the kernel's log that are warnings. */
  readonly warnings: readonly string[];
  /** What the sender printed, and with it the script that ran before the frames. */
  readonly said: string;
}

export interface TrialSubject {
  readonly release: string;
  /** For the name of the evidence: `off`, `on`. */
  readonly state: string;
  /** States of the option that are right in this trial. */
  readonly wanted: readonly OptionState[];
}

/**
 * Only an emulated CPU that stands still can delay a frame between namespaces of one machine, and for so long it has
 * been seen to. A queue of a bond would not hold a frame for milliseconds.
 */
const LATE_NS = 10_000_000_000;
/** There are no faults. */
const EDGE_NS = 0;

/** Sends the frames of a way and brings out what both leaves captured. Throws TestbedError where the guest fails. */
export async function tryWay(live: LiveGuest, way: Way, subject: TrialSubject): Promise<WayEvidence> {
  const salt = randomInt(1, 2 ** 32);
  let ids = 0;
  const crafted = way.craft({ salt, nextId: () => ++ids });
  const controls = WORLD.legs.map((_, at): Controls => {
    const first = FIRST_CONTROL_ID + 3 * at;
    return { before: first, after: first + 1, fence: first + 2 };
  });
  const frames = crafted.map(({ frame }) => ({ device: way.device, frame }));
  const started = performance.now();
  const script = trialScript({ salt, frames, controls, first: way.first?.(lacpPatienceOf(live)) });
  const { output } = await live.shell.run(script, patienceOf(live));
  const sections = sectionsOf(output);
  const sent = sentTimes(sections.get('sent') ?? '', crafted.length);
  const taps = WORLD.legs.map((leg, at): Tap => ({
    name: leg.leaf,
    role: 'leaf',
    node: leg.leaf,
    port: leg.leafPort,
    direction: 'in',
    leg: leg.name,
    file: `${leg.leaf}.pcap`,
    record: recordOf(sections, leg.leaf, leg.leafPort, controls[at] ?? { before: 0, after: 0, fence: 0 }),
  }));
  const manifest: EvidenceManifest = {
    schema: 1,
    scenario: `broadcast_neighbor ${subject.state}, ${way.title}`,
    intent: { type: 'qualify' },
    testbed: 'vm',
    dataplane: planeName(WORLD.host.plane.traits),
    plane: WORLD.host.plane.traits,
    replicator: `broadcast_neighbor ${subject.state}`,
    topology: WORLD,
    profile: way.on,
    salt,
    window: { openNs: sent.openNs, closeNs: sent.closeNs },
    lateBandNs: LATE_NS,
    edgeBandNs: EDGE_NS,
    taps,
    timeline: [],
    macTables: [],
    audit: auditOf(sections, subject.wanted),
    skips: [],
    stacks: way.speaks ?? [],
    blocked: null,
    environment: { kernel: subject.release },
    phases: [{ name: 'trial', ms: Math.round(performance.now() - started) }],
  };
  return {
    manifest,
    probes: crafted.map((probe, at): Probe => ({ ...probe, sentNs: sent.probesNs[at] ?? '0' })),
    captures: new Map(taps.map(({ name }) => [name, captureIn(sections, name)])),
    said: sections.get('sent') ?? '',
    warnings: (sections.get('log') ?? '').split('\n').filter((line) => line.trim() !== ''),
  };
}

/** When the window opened and closed, and each frame was sent. Throws TestbedError where the sender did not end well. */
export function sentTimes(
  text: string,
  probes: number,
): { readonly openNs: Nanoseconds; readonly closeNs: Nanoseconds; readonly probesNs: readonly Nanoseconds[] } {
  const legs = WORLD.legs.length;
  const inVain = waitedInVain(text);
  const times = text.split('\n').filter((line) => /^\d+$/.test(line));
  const [openNs, closeNs] = [times[legs], times[legs + 1 + probes]];
  if (
    !/^ended 0$/m.test(text) ||
    openNs === undefined ||
    closeNs === undefined ||
    times.length !== 2 + probes + 3 * legs
  )
    throw new TestbedError(
      /^ended 3$/m.test(text)
        ? 'a control frame never got into the capture of a leaf'
        : inVain !== null
          ? `LACP in the guest: no end of the wait for ${inVain}`
          : `the sender in the guest failed: ${text.trim().split('\n').slice(-2).join(' | ')}`,
    );
  return { openNs, closeNs, probesNs: times.slice(legs + 1, legs + 1 + probes) };
}

function captureIn(sections: ReadonlyMap<string, string>, leaf: string): Uint8Array {
  return Buffer.from(sections.get(`capture ${leaf}`) ?? '', 'base64');
}

/** Everything that was lost, on whatever way, is said here: such a capture does not count. */
export function recordOf(
  sections: ReadonlyMap<string, string>,
  leaf: string,
  port: string,
  controls: Controls,
): TapRecord {
  const said = sections.get(`said ${leaf}`) ?? '';
  const drops = (when: string): number | null => {
    const softnet = sections.get(`softnet ${when}`)?.trim() ?? '';
    return softnet === '' ? null : portDropsIn(sections.get(`devices ${leaf} ${when}`) ?? '', softnet, port);
  };
  const [before, after] = [drops('before'), drops('after')];
  const dropped = statistic(said, 'dropped by kernel');
  const captured = statistic(said, 'captured');
  return {
    command: ['tcpdump'],
    ready: /^.*listening on.*$/m.exec(said)?.[0] ?? null,
    canaryBefore: controls.before,
    canaryAfter: controls.after,
    fence: controls.fence,
    receivedByFilter: statistic(said, 'received by filter'),
    // What it captured and did not get out of the guest was lost on its way.
    droppedByKernel:
      dropped === null || captured === null
        ? null
        : dropped + Math.abs(captured - recordsIn(captureIn(sections, leaf))),
    // tcpdump prints it only when it is not 0.
    droppedByInterface: statistic(said, 'dropped by interface') ?? 0,
    portDrops: before === null || after === null ? null : after - before,
  };
}

function recordsIn(capture: Uint8Array): number {
  let records = 0;
  const parser = createCaptureParser({
    frame() {
      records++;
    },
  });
  parser.push(capture);
  parser.end();
  return records;
}
