import { content, fold, hashContent } from './content.js';

/** Contents that are kept of one capture: a port says something else only when its partner or its state changes. */
const MOST = 32;
/** Version, actor and partner, IEEE 802.1AX 6.4.2.3: among them the number of the port that sent it. */
const BYTES = 42;

/** LACPDUs of one capture by content. A port's own number is in each, so that no two ports send the same one. */
export interface Lacpdus {
  /** `body`: first byte behind the EtherType; `length`: bytes that are there. Allocates nothing. */
  note(view: DataView, body: number, length: number, sourceHigh: number, sourceLow: number): void;
  contents(): readonly string[];
}

export function createLacpdus(): Lacpdus {
  const keyA = new Int32Array(MOST);
  const keyB = new Int32Array(MOST);
  let size = 0;
  return {
    note(view, body, length, sourceHigh, sourceLow) {
      if (length < BYTES || size === MOST) return;
      hashContent(view, body, body + BYTES, fold(fold(0, sourceHigh), sourceLow));
      const { a, b } = content;
      for (let at = 0; at < size; at++) if (keyA[at] === a && keyB[at] === b) return;
      keyA[size] = a;
      keyB[size++] = b;
    },
    contents: () => Array.from({ length: size }, (_, at) => `${keyA[at] ?? 0} ${keyB[at] ?? 0}`),
  };
}
