import { isRegularFile } from '../files.js';
import type { CaptureJudgement } from '../judge/captures/captureOptions.js';
import type { Seen } from '../judge/captures/contentTally.js';
import type { ClockPiece } from '../judge/captures/leafClock.js';
import { PAIRING } from '../judge/captures/settings.js';
import { macText } from '../judge/read/macs.js';
import { copiesIn } from '../judge/read/sightingBits.js';
import { createPatternTally, type Owed } from '../judge/rules/pattern.js';
import { duration, listed, some } from '../judge/tell/phrasing.js';
import { settleCarried } from '../judge/vantage/carried.js';
import { linkTypeText } from '../pcap/linkNames.js';
import { LINK_TYPE } from '../pcap/linkType.js';
import { createLinkView } from '../pcap/linkView.js';
import { dutyOf, formOf } from '../profile/duty.js';
import type { Profile } from '../profile/types.js';
import { UserError } from '../userError.js';
import { classify, newClassification } from '../wire/classify.js';
import { KINDS } from '../wire/kinds.js';
import { plainOf } from '../wire/portTag.js';
import { textOf } from './annotations.js';
import { partsOf, type CaptureFile } from './captureFiles.js';
import { rawFrames, type RawFrame } from './rawFrames.js';

/** One frame of one capture, for which somebody asks what became of it. */
export interface AskedFrame {
  readonly leaf: number;
  /** From 1, as other programs count. */
  readonly number: number;
  readonly raw: RawFrame;
}

/** Listens while captures are judged. */
export interface FrameListener {
  readonly note: (seen: Seen) => void;
  readonly forget: () => void;
  /** What was said of the frame; null = nothing. */
  seen(): Seen | null;
}

/** `leaf-b#17`. Throws UserError that lists what there is. */
export async function askedFrame(text: string, captures: readonly CaptureFile[]): Promise<AskedFrame> {
  const [, name = '', digits = ''] = /^(.+)#(\d{1,12})$/s.exec(text) ?? [];
  const names = captures.map(({ leaf }) => leaf);
  if (name === '' || Number(digits) === 0)
    throw new UserError(`--explain ${text} names no frame`, `write --explain ${names[0] ?? 'leaf-a'}#1`);
  const leaf = names.indexOf(name);
  const capture = captures[leaf];
  if (capture === undefined)
    throw new UserError(`--explain ${text}: there is no leaf "${name}"`, `there are: ${names.join(', ')}`);
  if (!captures.every((each) => partsOf(each).every(isRegularFile)))
    throw new UserError(
      '--explain reads the captures twice, which standard input and pipes cannot be',
      'save them to files first',
    );
  const number = Number(digits);
  let count = 0;
  for await (const raw of rawFrames(partsOf(capture))) if (++count === number) return { leaf, number, raw };
  throw new UserError(`--explain ${text}: ${name} holds ${some(count, 'frame')}`);
}

export function createFrameListener({ leaf, raw }: AskedFrame): FrameListener {
  let found: Seen | null = null;
  return {
    note(seen) {
      const isFirst = copiesIn(seen.words[leaf] ?? 0) > 0 && seen.offsets[leaf] === raw.offset;
      if (isFirst || seen.extra.some((copy) => copy.leaf === leaf && copy.offset === raw.offset)) found = seen;
    },
    forget() {
      found = null;
    },
    seen: () => found,
  };
}

/** What the frame was paired with, or why with nothing; as lines. */
export async function explainFrame(
  asked: AskedFrame,
  seen: Seen | null,
  judged: CaptureJudgement,
  captures: readonly CaptureFile[],
  profile: Profile,
): Promise<string[]> {
  const leaves = captures.map(({ leaf }) => leaf);
  const frame = await describe(asked, captures[asked.leaf]);
  const title = `${leaves[asked.leaf] ?? ''}#${asked.number}: ${frame.text}`;
  // A stranger's frame is seen only as what may be the altered copy of a host's.
  if (seen === null || seen.sender === 0)
    return [title, `paired with nothing: ${whyUnpaired(asked, frame, judged, captures)}`];
  const owed: Owed = dutyOf(profile, kindOf(seen.kind), formOf(seen.tags));
  const pattern = createPatternTally(0).add(seen.sender, seen.kind, formOf(seen.tags), owed, seen.words, false, 1, -1);
  const { outcomes } = settleCarried(pattern, judged.valid, profile.deadLegMustBeSilent, judged.excuse).settled;
  const own = timeOf(asked, seen);
  const lines: string[] = [];
  for (const [leaf, capture] of captures.entries()) {
    const copies = copiesOn(leaf, seen).filter(({ offset }) => leaf !== asked.leaf || offset !== asked.raw.offset);
    if (copies.length === 0) {
      if (leaf !== asked.leaf) lines.push(absence(capture.leaf, owed, judged.valid[leaf] === true));
      continue;
    }
    const numbers = await numbersOf(capture, new Set(copies.map(({ offset }) => offset)));
    for (const { offset, ns } of copies) {
      const apart = Math.abs(ns - own);
      const when = apart < 1 ? 'at the same time' : `${duration(apart)} ${ns < own ? 'earlier' : 'later'}`;
      lines.push(`paired with ${capture.leaf}#${numbers.get(offset) ?? '?'}, ${when}`);
    }
  }
  return [title, ...lines, textOf(owed, outcomes, seen.words, leaves)];
}

function kindOf(kind: number) {
  return (KINDS[kind] ?? KINDS[0]).id;
}

interface Copy {
  readonly offset: number;
  /** On the common clock. */
  readonly ns: number;
}

function copiesOn(leaf: number, { words, times, offsets, extra }: Seen): Copy[] {
  const first = copiesIn(words[leaf] ?? 0) > 0 ? [{ offset: offsets[leaf] ?? 0, ns: times[leaf] ?? 0 }] : [];
  return [...first, ...extra.filter((copy) => copy.leaf === leaf)];
}

function timeOf({ leaf, raw }: AskedFrame, seen: Seen): number {
  return copiesOn(leaf, seen).find(({ offset }) => offset === raw.offset)?.ns ?? seen.firstNs;
}

function absence(leaf: string, owed: Owed, isValid: boolean): string {
  if (!isValid) return `not paired on ${leaf}: nothing can be said about its capture`;
  return owed === 'single'
    ? `not on ${leaf}, where no copy may be`
    : `not paired on ${leaf}: no frame there says the same within ${duration(PAIRING.lateNs)}, or differs only in MAC, tag or option within ${duration(PAIRING.pairNs)}`;
}

/** Numbers of records by their offsets. */
async function numbersOf(capture: CaptureFile, wanted: ReadonlySet<number>): Promise<ReadonlyMap<number, number>> {
  const numbers = new Map<number, number>();
  let count = 0;
  for await (const { offset } of rawFrames(partsOf(capture))) {
    count++;
    if (wanted.has(offset)) numbers.set(offset, count);
    if (numbers.size === wanted.size) break;
  }
  return numbers;
}

interface Described {
  readonly text: string;
  /** null: it holds no Ethernet. */
  readonly kind: (typeof KINDS)[number] | null;
  readonly mac: string;
  /** It is none of the frames that were selected. */
  readonly isLeftOut: boolean;
}

/** The frame as it was judged: of a mirror, the one inside. */
async function describe({ raw }: AskedFrame, capture: CaptureFile | undefined): Promise<Described> {
  const when = new Date(raw.seconds * 1e3).toISOString().slice(0, 19);
  const time = `${when}.${String(raw.nanos).padStart(9, '0')}Z`;
  const judged = capture?.selection === undefined ? raw : await selectedAt(raw, capture);
  const bytes = ethernetOf(judged ?? raw);
  if (bytes === null)
    return {
      text: `${time}, ${some(raw.bytes.length, 'byte')} of ${linkTypeText(raw.linkType)}`,
      kind: null,
      mac: '',
      isLeftOut: judged === null,
    };
  const found = newClassification();
  const kind = KINDS[classify(bytes, 0, bytes.length, found)] ?? KINDS[0];
  const mac = macText(found.sourceHigh * 0x1_0000_0000 + found.sourceLow);
  return {
    text: `${time}, ${kind.title} from ${mac}, ${some(bytes.length, 'byte')}`,
    kind,
    mac,
    isLeftOut: judged === null,
  };
}

async function selectedAt(raw: RawFrame, capture: CaptureFile): Promise<RawFrame | null> {
  for await (const frame of rawFrames(partsOf(capture), capture.selection)) {
    if (frame.offset === raw.offset) return frame;
    if (frame.offset > raw.offset) break;
  }
  return null;
}

function ethernetOf({ bytes, original, linkType }: RawFrame): Uint8Array | null {
  if (linkType === LINK_TYPE.ethernet) return plainOf(bytes);
  const link = createLinkView();
  return link.convert(bytes, 0, bytes.length, original, linkType) ? plainOf(link.bytes.slice(0, link.captured)) : null;
}

function whyUnpaired(
  { leaf, raw }: AskedFrame,
  { kind, mac, isLeftOut }: Described,
  judged: CaptureJudgement,
  captures: readonly CaptureFile[],
): string {
  const name = captures[leaf]?.leaf ?? '';
  if (isLeftOut) return 'it is none of the frames of its capture that were selected';
  if (kind === null) return 'it holds no Ethernet';
  if (kind.family === 'link-local') return `${kind.title} belongs to one port, and is not compared`;
  if (!judged.hosts.some((host) => host.mac === mac)) return `${mac} is none of the hosts that are judged`;
  const problems = judged.judgement.certificates[name]?.problems ?? [];
  if (problems.length > 0) return `nothing can be said about ${name}: ${listed(problems)}`;
  const { fromNs, toNs } = judged.judgement.window;
  const ns = judged.baseNs + BigInt(Math.round(corrected(leaf, raw, judged)));
  const edge = BigInt(PAIRING.pairNs);
  if (ns < BigInt(fromNs) + edge)
    return `it came ${duration(Number(BigInt(fromNs) + edge - ns))} before the time that is judged, in which all captures were alive`;
  if (ns > BigInt(toNs) - edge)
    return `it came ${duration(Number(ns - BigInt(toNs) + edge))} after the time that is judged, in which all captures were alive`;
  return 'nothing is said of it: it is one more copy than is counted, or one of frames that cannot be told apart';
}

/** When it came, on the common clock. */
function corrected(leaf: number, { seconds, nanos }: RawFrame, { alignments, baseSeconds }: CaptureJudgement): number {
  const own = (seconds - (baseSeconds[leaf] ?? 0)) * 1e9 + nanos;
  const pieces = alignments[leaf]?.clock.pieces ?? [];
  const piece = pieces.reduce<ClockPiece | undefined>(
    (best, each) => (best === undefined || each.fromNs <= own ? each : best),
    undefined,
  );
  return piece === undefined ? own : own + piece.add + piece.rate * (own - piece.at);
}
