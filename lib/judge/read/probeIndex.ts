import type { Probe } from '../../evidence/types.js';
import { fromHex } from '../../wire/bytes.js';
import { classify, kindCode, newClassification, type Classification } from '../../wire/classify.js';
import type { TimeBase } from './clock.js';

/** Finds the probe that a frame is a copy of. */
export interface ProbeIndex {
  /** Index of the probe whose token has this id, or -1. */
  byToken(id: number): number;
  /** Whether any probe is named by its content. */
  readonly hasContent: boolean;
  /** Probes with the same content, in the order they were sent. */
  byContent(bytes: Uint8Array, found: Classification): readonly number[];
  readonly frames: readonly Uint8Array[];
  /** Index in KINDS of each. */
  readonly kinds: readonly number[];
  /** When each was sent, ns after the base. */
  readonly sent: Float64Array;
}

export function indexProbes(probes: readonly Probe[], base: TimeBase): ProbeIndex {
  const tokens = new Map<number, number>();
  const contents = new Map<string, number[]>();
  const frames = probes.map((probe) => fromHex(probe.frame));
  const sent = Float64Array.from(probes, (probe) => base.fromText(probe.sentNs));
  const out = newClassification();
  probes.forEach((probe, index) => {
    const frame = frames[index];
    if (frame === undefined) return;
    if (probe.namedBy === 'token') {
      tokens.set(probe.id, index);
      return;
    }
    classify(frame, 0, frame.length, out);
    const key = contentKey(frame, out);
    contents.set(key, [...(contents.get(key) ?? []), index]);
  });
  for (const indexes of contents.values()) indexes.sort((a, b) => (sent[a] ?? 0) - (sent[b] ?? 0) || a - b);
  return {
    byToken: (id) => tokens.get(id) ?? -1,
    hasContent: contents.size > 0,
    byContent: (bytes, found) => contents.get(contentKey(bytes, found)) ?? NONE,
    frames,
    kinds: probes.map((probe) => kindCode(probe.kind)),
    sent,
  };
}

const NONE: readonly number[] = [];

/**
 * EtherType and packet, without MACs, tags and trailer: these may be altered on the way, and must then be reported as
 * altered.
 */
function contentKey(bytes: Uint8Array, found: Classification): string {
  let key = found.etherType.toString(16);
  const end = found.bodyStart + found.bodyLength;
  for (let at = found.bodyStart; at < end; at++) key += String.fromCharCode(bytes[at] ?? 0);
  return key;
}
