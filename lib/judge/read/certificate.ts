import type { TapContents } from './tapReader.js';
import type { TimeBase } from './clock.js';
import type { Certificate, Finding, Signature } from '../types.js';
import { some } from '../tell/phrasing.js';

/** One reason not to believe a capture. */
export interface Problem {
  readonly signature: Extract<Signature, 'damaged-capture' | 'drops' | 'no-proof-of-life'>;
  readonly text: string;
}

/** The reasons against a tap in its own frames, beyond its record. */
export interface TapTrouble {
  /** Position of the first frame that belongs to a probe, or null. */
  readonly firstSighting: number | null;
  /** Frames of senders that were cut, so that their token is lost. */
  readonly cut: number;
  /** Frames with a token of this evidence whose id no probe has. */
  readonly unlisted: number;
}

/** The window that a capture must have been alive in, ns after it opened. */
export interface ProvenTime {
  readonly closeNs: number;
  /** A stamp of the capture may be off by so much. */
  readonly errorNs: number;
}

/**
 * Whether a capture may be believed: the tool said that it listened; the canaries before and after and the fence are in
 * it, around everything else, or, where none could be sent, voices from before the window and from after it; nothing was
 * dropped, and every drop counter was read; every byte was parsed.
 */
export function problemsOf(contents: TapContents, trouble: TapTrouble, time: ProvenTime): Problem[] {
  const { tap, summary } = contents;
  const { record } = tap;
  const problems: Problem[] = [];
  const dead = (text: string): void => {
    problems.push({ signature: 'no-proof-of-life', text });
  };
  if (summary.damage !== null) {
    problems.push({
      signature: 'damaged-capture',
      text: `${tap.file} is damaged at byte ${summary.damage.offset}: ${summary.damage.message}`,
    });
  }
  if (record.ready === null) dead('the capturing program never said that it listens');
  for (const text of record.byVoices === true ? voiceless(contents, time) : uncontrolled(contents, trouble)) dead(text);
  const counters: readonly (readonly [string, number | null])[] = [
    ['the kernel', record.droppedByKernel],
    ['the interface', record.droppedByInterface],
    ['the port', record.portDrops],
  ];
  for (const [what, count] of counters) {
    if (count === null) dead(`how many frames ${what} dropped is not known`);
    else if (count > 0) problems.push({ signature: 'drops', text: `${what} dropped ${some(count, 'frame')}` });
  }
  if (summary.drops !== null && summary.drops > 0)
    problems.push({ signature: 'drops', text: `the capture file reports ${some(summary.drops, 'dropped frame')}` });
  if (contents.strange > 0) dead(`${some(contents.strange, 'frame')} are not Ethernet`);
  if (trouble.cut > 0) dead(`${some(trouble.cut, 'frame')} were cut by the snap length, and their tokens with them`);
  if (trouble.unlisted > 0)
    dead(`${some(trouble.unlisted, 'frame')} carry tokens that the list of probes does not have`);
  return problems;
}

/** What canaries and fence have against a capture. */
function uncontrolled({ tap: { record }, controls }: TapContents, { firstSighting }: TapTrouble): readonly string[] {
  const before = controls.get(record.canaryBefore);
  const after = controls.get(record.canaryAfter);
  const fence = controls.get(record.fence);
  const texts: string[] = [];
  if (before === undefined) texts.push(`its first canary (id ${record.canaryBefore}) was not seen`);
  if (after === undefined) texts.push(`its last canary (id ${record.canaryAfter}) was not seen`);
  if (fence === undefined) texts.push(`its fence (id ${record.fence}) was not seen`);
  if (before !== undefined) {
    if ((after !== undefined && after < before) || (fence !== undefined && fence < before))
      texts.push('its canaries and fence came in the wrong order');
    if (firstSighting !== null && firstSighting < before) texts.push('it saw probes before its first canary');
  }
  return texts;
}

/** The same where nothing could be sent: those who are behind it must have been heard on both sides of the window. */
function voiceless({ voices }: TapContents, { closeNs, errorNs }: ProvenTime): readonly string[] {
  const hint = 'and no frame could be sent through it to show that it lives';
  if (voices === null) return [`nobody behind it was heard, ${hint}`];
  return [
    ...(voices.firstNs < -errorNs ? [] : [`nobody behind it was heard before the window opened, ${hint}`]),
    ...(voices.lastNs > closeNs + errorNs ? [] : [`nobody behind it was heard after the window closed, ${hint}`]),
  ];
}

/** What is wrong with a leaf that has no tap. */
export const NEVER_CAPTURED: Problem = { signature: 'no-proof-of-life', text: 'it was never captured' };

/** `contents`: null where there was no tap. */
export function certificateOf(contents: TapContents | null, problems: readonly Problem[], base: TimeBase): Certificate {
  const texts = problems.map((problem) => problem.text);
  if (contents === null) return { valid: false, problems: texts, frames: 0, drops: null, firstNs: null, lastNs: null };
  const { record } = contents.tap;
  const counters = [record.droppedByKernel, record.droppedByInterface, record.portDrops, contents.summary.drops];
  const known = counters.filter((count) => count !== null);
  return {
    valid: problems.length === 0,
    problems: texts,
    frames: contents.frames,
    drops: known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0),
    firstNs: contents.firstNs === null ? null : base.toText(contents.firstNs),
    lastNs: contents.lastNs === null ? null : base.toText(contents.lastNs),
  };
}

/** One finding per sort of problem; `who` is the leaf, or the tap of a sender. */
export function certificateFindings(who: string, isLeaf: boolean, problems: readonly Problem[]): Finding[] {
  const signatures: readonly Problem['signature'][] = ['damaged-capture', 'drops', 'no-proof-of-life'];
  return signatures.flatMap((signature): Finding[] => {
    const texts = problems.filter((problem) => problem.signature === signature).map((problem) => problem.text);
    if (texts.length === 0) return [];
    return [
      {
        property: 'validity',
        signature,
        verdict: 'inconclusive',
        ...(isLeaf ? { leaf: who } : {}),
        count: texts.length,
        probes: [],
        sentence: `Nothing can be said about ${who}: ${texts.join('; ')}.`,
      },
    ];
  });
}
