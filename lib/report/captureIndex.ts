import { createCaptureParser } from '../pcap/parser.js';
import type { Copy } from '../judge/types.js';
import type { ExperimentDetails } from './details.js';

/** Finds the bytes of a copy in the evidence of one experiment. */
export interface CaptureIndex {
  /** The frame as captured, or null when the capture is not available. */
  frameOf(leaf: string, copy: Copy): Uint8Array | null;
  /** The capture that holds it, and its number there from 1, or null when the capture is not available. */
  placeOf(leaf: string, copy: Copy): { readonly file: string; readonly number: number } | null;
}

interface Captured {
  readonly bytes: Uint8Array;
  /** From 1. */
  readonly number: number;
}

/**
 * Reads each capture once, on first use. A leaf with more than one leg has more than one capture: the time decides
 * which.
 */
export function createCaptureIndex(details: ExperimentDetails): CaptureIndex {
  const files = new Map<string, ReadonlyMap<string, Captured>>();
  const framesOf = (file: string): ReadonlyMap<string, Captured> => {
    const known = files.get(file);
    if (known !== undefined) return known;
    const bytes = details.captures[file];
    const frames = bytes === undefined ? new Map<string, Captured>() : readFrames(bytes);
    files.set(file, frames);
    return frames;
  };
  const find = (leaf: string, copy: Copy): (Captured & { readonly file: string }) | null => {
    // On a dead leg the copy was seen at the host's end: the leaf cannot see it.
    const legs = new Set(details.manifest.topology.legs.filter((leg) => leg.leaf === leaf).map((leg) => leg.name));
    for (const tap of details.manifest.taps) {
      if (tap.role === 'sender' || tap.leg === undefined || !legs.has(tap.leg)) continue;
      const frame = framesOf(tap.file).get(`${String(copy.offset)}@${copy.tNs}`);
      if (frame !== undefined) return { ...frame, file: tap.file };
    }
    return null;
  };
  return {
    frameOf: (leaf, copy) => find(leaf, copy)?.bytes ?? null,
    placeOf: (leaf, copy) => {
      const found = find(leaf, copy);
      return found === null ? null : { file: found.file, number: found.number };
    },
  };
}

function readFrames(capture: Uint8Array): ReadonlyMap<string, Captured> {
  const frames = new Map<string, Captured>();
  let number = 0;
  const parser = createCaptureParser({
    frame: (bytes, start, captured, _original, seconds, nanos, _linkType, _iface, offset) => {
      const tNs = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
      frames.set(`${String(offset)}@${String(tNs)}`, {
        bytes: bytes.slice(start, start + captured),
        number: ++number,
      });
    },
  });
  parser.push(capture);
  parser.end();
  return frames;
}
