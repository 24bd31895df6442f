import { DEFAULT_PROFILE } from '../../profile/registry.js';
import { createSpool } from '../spool.js';
import { createWindows, type JudgedWindow } from '../windows.js';

export interface FeedOptions {
  readonly seconds: number;
  /** Bytes of each capture that come at a time, one capture after the other. */
  readonly chunkBytes?: number;
  readonly mostBytes?: number;
  readonly isSharedClock?: boolean;
}

/** Lets captures of `leaf-a`, `leaf-b` and so on grow, and returns each window that was closed. */
export async function feedWindows(
  files: readonly Uint8Array[],
  options: FeedOptions,
): Promise<readonly JudgedWindow[]> {
  const { seconds, chunkBytes = 4_000, mostBytes, isSharedClock = false } = options;
  const leaves = files.map((_, i) => {
    const letter = String.fromCharCode(97 + i);
    return { leaf: `leaf-${letter}`, file: `${letter}.pcap`, spool: createSpool() };
  });
  const windows = createWindows(leaves, {
    seconds,
    judging: { profile: DEFAULT_PROFILE, hosts: new Map(), isAuto: true, gateways: [], isSharedClock },
    ...(mostBytes === undefined ? {} : { mostBytes }),
  });
  const closed: JudgedWindow[] = [];
  const look = async (isLast: boolean): Promise<boolean> => {
    const window = await windows.look(isLast);
    if (window?.isClosed !== true) return false;
    closed.push(window);
    windows.next();
    return true;
  };
  const longest = Math.max(...files.map(({ length }) => length));
  for (let at = 0; at < longest; at += chunkBytes) {
    leaves.forEach(({ spool }, i) => {
      const chunk = files[i]?.subarray(at, at + chunkBytes) ?? new Uint8Array(0);
      if (chunk.length > 0) spool.take(chunk);
    });
    while (windows.isRipe() && (await look(false)));
  }
  await look(true);
  for (const { spool } of leaves) spool[Symbol.dispose]();
  return closed;
}
