/** First four bytes of a capture, as a little-endian number (pcap-savefile(5)): what its stamps are, and their byte order. */
const MAGICS: Readonly<Record<number, { readonly little: boolean; readonly perSecond: bigint }>> = {
  0xa1b2c3d4: { little: true, perSecond: 1_000_000n },
  0xa1b23c4d: { little: true, perSecond: 1_000_000_000n },
  0xd4c3b2a1: { little: false, perSecond: 1_000_000n },
  0x4d3cb2a1: { little: false, perSecond: 1_000_000_000n },
};

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const NS_PER_SECOND = 1_000_000_000n;

/** A capture whose stamps are moved while it passes. */
export interface StampShifter {
  /** The bytes of a capture in pcap as they come; returns those that are ready, of the same number in the end. */
  push(chunk: Uint8Array): Uint8Array;
  /** Bytes of a record header that never came to its end. */
  end(): Uint8Array;
}

/**
 * Moves the stamps of a capture in pcap onto another clock: nothing else is changed, and what is no pcap passes as it
 * is.
 *
 * @param aheadNs how far the capture's clock is ahead of the wanted one
 */
export function shiftStamps(aheadNs: bigint): StampShifter {
  let held: Uint8Array = new Uint8Array(0);
  let format: { readonly little: boolean; readonly perSecond: bigint } | null = null;
  /** Bytes of frames that pass unchanged before the next header; endless where it is no pcap. */
  let passing = 0;
  let begun = false;

  /** The header that begins at `at`. */
  function takeHeader(bytes: Uint8Array, at: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at);
    if (!begun) {
      begun = true;
      format = MAGICS[view.getUint32(0, true)] ?? null;
      if (format === null) passing = Infinity;
      return;
    }
    const { little, perSecond } = format ?? { little: true, perSecond: 1n };
    const scale = NS_PER_SECOND / perSecond;
    const stamp = BigInt(view.getUint32(0, little)) * NS_PER_SECOND + BigInt(view.getUint32(4, little)) * scale;
    const moved = (stamp - aheadNs) / scale;
    view.setUint32(0, Number(moved / perSecond), little);
    view.setUint32(4, Number(moved % perSecond), little);
    passing = view.getUint32(8, little);
  }

  return {
    push(chunk) {
      // A copy: the chunk is only lent.
      const bytes = new Uint8Array(held.length + chunk.length);
      bytes.set(held);
      bytes.set(chunk, held.length);
      let at = 0;
      while (at < bytes.length) {
        const pass = Math.min(passing, bytes.length - at);
        at += pass;
        passing -= pass;
        if (at === bytes.length) break;
        const header = begun ? RECORD_HEADER : FILE_HEADER;
        if (bytes.length - at < header) break;
        takeHeader(bytes, at);
        if (passing !== Infinity) at += header;
      }
      held = bytes.slice(at);
      return bytes.subarray(0, at);
    },
    end() {
      const rest = held;
      held = new Uint8Array(0);
      return rest;
    },
  };
}
