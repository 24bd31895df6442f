import { MAX_NAME } from './limits.js';
import { createClock, type Clock } from './timestamp.js';

/** An interface of a pcapng section, as its description block says (section 4.2 of the format). */
export interface CaptureInterface {
  readonly linkType: number;
  readonly name: string | null;
  readonly snapLength: number;
  readonly clock: Clock;
  readonly fcsBytes: number;
}

type Word = (bytes: Uint8Array, at: number) => number;

/**
 * Calls `visit` for each option in `bytes[at, end)` until `visit` asks to stop; false when an option runs over the end.
 */
export function eachOption(
  bytes: Uint8Array,
  from: number,
  end: number,
  word: Word,
  bigEndian: boolean,
  visit: (code: number, at: number, length: number) => void,
): boolean {
  let at = from;
  while (end - at >= 4) {
    const both = word(bytes, at);
    const code = bigEndian ? both >>> 16 : both & 0xffff;
    const length = bigEndian ? both & 0xffff : both >>> 16;
    if (code === 0) return true;
    if (at + 4 + length > end) return false;
    visit(code, at + 4, length);
    at += 4 + ((length + 3) & ~3);
  }
  return true;
}

/** Reads a description block's body; returns a string that says what is wrong with it. */
export function readInterface(
  bytes: Uint8Array,
  at: number,
  end: number,
  word: Word,
  bigEndian: boolean,
): CaptureInterface | string {
  if (end - at < 8) return 'interface description is too short';
  const first = word(bytes, at);
  const linkType = bigEndian ? first >>> 16 : first & 0xffff;
  const snapLength = word(bytes, at + 4);
  let name: string | null = null;
  let resolution = 6;
  let offset = 0;
  let fcsBytes = 0;
  const whole = eachOption(bytes, at + 8, end, word, bigEndian, (code, value, length) => {
    if (code === 2) name = new TextDecoder().decode(bytes.subarray(value, value + Math.min(length, MAX_NAME)));
    else if (code === 9 && length >= 1) resolution = bytes[value] as number;
    else if (code === 13 && length >= 1) fcsBytes = bytes[value] as number;
    else if (code === 14 && length >= 8) {
      const low = word(bytes, bigEndian ? value + 4 : value);
      offset = (word(bytes, bigEndian ? value : value + 4) | 0) * 0x1_0000_0000 + low;
    }
  });
  if (!whole) return 'an option of the interface description runs over its block';
  const clock = createClock(resolution, offset);
  if (clock === null) return `if_tsresol 0x${resolution.toString(16).padStart(2, '0')} cannot count seconds`;
  return { linkType, name, snapLength, clock, fcsBytes };
}
