import type { Tap } from '../../evidence/types.js';
import type { CaptureSummary } from '../../pcap/types.js';
import { createCaptureParser } from '../../pcap/parser.js';
import { classify, newClassification, type Classification } from '../../wire/classify.js';
import { kindEntry, KINDS } from '../../wire/kinds.js';
import { LINK_TYPE } from '../../pcap/linkType.js';
import { readToken } from '../../wire/token.js';
import type { TimeBase } from './clock.js';
import { macOf } from './macs.js';

const CANARY = KINDS.indexOf(KINDS.find((entry) => entry.id === 'canary') ?? KINDS[0]);

const NOBODY: ReadonlySet<number> = new Set();

/** What all taps of an evidence share. */
export interface TapContents {
  readonly tap: Tap;
  readonly summary: CaptureSummary;
  readonly frames: number;
  readonly firstNs: number | null;
  readonly lastNs: number | null;
  /** Control frames of this evidence: id to its first position among the frames, from 1. */
  readonly controls: ReadonlyMap<number, number>;
  /** When those whose voices prove the capture alive were heard first and last; null: never, or nobody was asked for. */
  readonly voices: { readonly firstNs: number; readonly lastNs: number } | null;
  /** Frames of another link type than Ethernet: they cannot be judged. */
  readonly strange: number;
}

/** A frame that is no control frame of this evidence. `bytes` and `found` are valid during the call only. */
export interface SeenFrame {
  readonly bytes: Uint8Array;
  readonly found: Classification;
  readonly isWhole: boolean;
  readonly original: number;
  readonly ns: number;
  readonly offset: number;
  /** Position among the frames of its capture, from 1. */
  readonly order: number;
  /** Id of its token, or -1. */
  readonly token: number;
}

/**
 * Reads a whole capture; control frames are kept separately, everything else goes to `see`.
 *
 * @param voices MACs of those who are behind this place, and whose frames prove the capture alive
 */
export function readTap(
  tap: Tap,
  chunks: Iterable<Uint8Array>,
  salt: number,
  base: TimeBase,
  see: (frame: SeenFrame) => void,
  voices: ReadonlySet<number> = NOBODY,
): TapContents {
  const found = newClassification();
  const controls = new Map<number, number>();
  const { canaryBefore, canaryAfter, fence } = tap.record;
  const own = new Set([canaryBefore, canaryAfter, fence]);
  let order = 0;
  let strange = 0;
  let voice: { firstNs: number; lastNs: number } | null = null;
  let first = Infinity;
  let last = -Infinity;
  const parser = createCaptureParser({
    frame(bytes, start, captured, original, seconds, nanos, linkType, _iface, offset) {
      order++;
      const ns = base.at(seconds, nanos);
      if (ns < first) first = ns;
      if (ns > last) last = ns;
      if (linkType !== LINK_TYPE.ethernet) {
        strange++;
        return;
      }
      const isWhole = captured >= original;
      const frame = bytes.subarray(start, start + captured);
      const kind = classify(frame, 0, captured, found);
      if (voices.has(macOf(found.sourceHigh, found.sourceLow)))
        voice = { firstNs: Math.min(voice?.firstNs ?? ns, ns), lastNs: Math.max(voice?.lastNs ?? ns, ns) };
      const token = isWhole ? readToken(frame, 0, captured, salt) : -1;
      // Where only ARP and Neighbor Discovery are shown, control frames are such frames.
      if (token >= 0 && (kind === CANARY || own.has(token))) {
        if (!controls.has(token)) controls.set(token, order);
        return;
      }
      see({ bytes: frame, found, isWhole, original, ns, offset, order, token });
    },
  });
  for (const chunk of chunks) parser.push(chunk);
  const summary = parser.end();
  return {
    tap,
    summary,
    frames: order,
    firstNs: order === 0 ? null : first,
    lastNs: order === 0 ? null : last,
    controls,
    voices: voice,
    strange,
  };
}

/** Name of a kind's code, for counters. */
export function kindName(code: number): string {
  return KINDS[code]?.id ?? kindEntry('data-other').id;
}
