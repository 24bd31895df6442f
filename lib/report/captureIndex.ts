import { createCaptureParser } from '../pcap/parser.js';
import type { Copy } from '../judge/types.js';
import type { ExperimentDetails } from './details.js';

/** Finds the bytes of a copy in the evidence of one experiment. */
export interface CaptureIndex {
  /** The frame as captured, or null when the capture is not available. */
  frameOf(leaf: string, copy: Copy): Uint8Array | null;
}

/**
 * Reads each capture once, on first use. A leaf with more than one leg has more than one capture: the time decides
 * which.
 */
export function createCaptureIndex(details: ExperimentDetails): CaptureIndex {
  const files = new Map<string, ReadonlyMap<string, Uint8Array>>();
  const framesOf = (file: string): ReadonlyMap<string, Uint8Array> => {
    const known = files.get(file);
    if (known !== undefined) return known;
    const bytes = details.captures[file];
    const frames = bytes === undefined ? new Map<string, Uint8Array>() : readFrames(bytes);
    files.set(file, frames);
    return frames;
  };
  return {
    frameOf: (leaf, copy) => {
      // On a dead leg the copy was seen at the host's end: the leaf cannot see it.
      const legs = new Set(details.manifest.topology.legs.filter((leg) => leg.leaf === leaf).map((leg) => leg.name));
      for (const tap of details.manifest.taps) {
        if (tap.role === 'sender' || tap.leg === undefined || !legs.has(tap.leg)) continue;
        const frame = framesOf(tap.file).get(`${String(copy.offset)}@${copy.tNs}`);
        if (frame !== undefined) return frame;
      }
      return null;
    },
  };
}

function readFrames(capture: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const frames = new Map<string, Uint8Array>();
  const parser = createCaptureParser({
    frame: (bytes, start, captured, _original, seconds, nanos, _linkType, _iface, offset) => {
      const tNs = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
      frames.set(`${String(offset)}@${String(tNs)}`, bytes.slice(start, start + captured));
    },
  });
  parser.push(capture);
  parser.end();
  return frames;
}
