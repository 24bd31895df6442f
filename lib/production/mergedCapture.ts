import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { CaptureJudgement } from '../judge/captures/captureOptions.js';
import type { ClockPiece } from '../judge/captures/leafClock.js';
import { LINK_TYPE } from '../pcap/linkType.js';
import { pcapngHeader, pcapngRecord } from '../pcap/write.js';
import type { Annotations } from './annotations.js';
import { partsOf, type CaptureFile } from './captureFiles.js';
import { rawFrames, type RawFrame } from './rawFrames.js';

interface Reader {
  readonly leaf: number;
  readonly frames: AsyncGenerator<RawFrame, undefined>;
  readonly pieces: readonly ClockPiece[];
  readonly baseSeconds: number;
  piece: number;
  frame: RawFrame | null;
  ns: number;
}

/**
 * Writes all captures as one pcapng: a frame's interface is its leaf, its time the common clock, its comment what
 * became of it. Frames of equal time keep the order of the leaves. Throws what writing throws.
 */
export async function writeMergedCapture(
  out: string,
  captures: readonly CaptureFile[],
  judged: CaptureJudgement,
  annotations: Annotations,
): Promise<void> {
  const interfaces = captures.flatMap(({ leaf }, i) => {
    const own = judged.summaries[i]?.interfaces ?? [];
    return own.map(({ linkType, snapLength, name }) => ({
      leaf: i,
      name: own.length > 1 && name !== null ? `${leaf} ${name}` : leaf,
      // A mirror holds Ethernet, whatever it came over.
      linkType: captures[i]?.selection?.by === 'session' ? LINK_TYPE.ethernet : linkType,
      snapLength,
    }));
  });
  const firstOf = captures.map((_, leaf) =>
    Math.max(
      0,
      interfaces.findIndex((entry) => entry.leaf === leaf),
    ),
  );
  const stream = createWriteStream(out);
  const failed = once(stream, 'error').then(([error]: unknown[]) => {
    throw error instanceof Error ? error : new Error(String(error));
  });
  failed.catch(() => undefined);
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (!stream.write(bytes)) await Promise.race([once(stream, 'drain'), failed]);
  };
  await write(pcapngHeader(interfaces));
  const readers: Reader[] = captures.map((capture, leaf) => ({
    leaf,
    frames: rawFrames(partsOf(capture), capture.selection),
    pieces: judged.alignments[leaf]?.clock.pieces ?? [],
    baseSeconds: judged.baseSeconds[leaf] ?? 0,
    piece: 0,
    frame: null,
    ns: Infinity,
  }));
  for (const reader of readers) await next(reader);
  for (;;) {
    const first = readers.reduce((a, b) => (b.ns < a.ns ? b : a));
    const { frame } = first;
    if (frame === null) break;
    const total = judged.baseNs + BigInt(Math.round(first.ns));
    await write(
      pcapngRecord({
        seconds: Number(total / 1_000_000_000n),
        nanos: Number(total % 1_000_000_000n),
        frame: frame.bytes,
        original: frame.original,
        iface: (firstOf[first.leaf] ?? 0) + frame.iface,
        comment: annotations.comment(first.leaf, frame.offset),
      }),
    );
    await next(first);
  }
  stream.end();
  await Promise.race([once(stream, 'close'), failed]);
}

async function next(reader: Reader): Promise<void> {
  const read = await reader.frames.next();
  reader.frame = read.done === true ? null : read.value;
  if (reader.frame === null) {
    reader.ns = Infinity;
    return;
  }
  const own = (reader.frame.seconds - reader.baseSeconds) * 1e9 + reader.frame.nanos;
  while ((reader.pieces[reader.piece + 1]?.fromNs ?? Infinity) <= own) reader.piece++;
  const piece = reader.pieces[reader.piece];
  reader.ns = piece === undefined ? own : own + piece.add + piece.rate * (own - piece.at);
}
