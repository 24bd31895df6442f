import type { Readable, Writable } from 'node:stream';

/**
 * Bytes between harness and agent, beside the calls and never as text in them: length and stream number (32 bits each,
 * little-endian), then the bytes. Length 0 ends a stream. The reader may name a stream before its first byte.
 */
const HEADER = 8;

/** Returns whether more may be written at once; where not, `drain` of the channel says when. */
export function writeChunk(channel: Writable, stream: number, bytes: Uint8Array): boolean {
  if (bytes.length === 0) return true;
  const header = Buffer.allocUnsafe(HEADER);
  header.writeUInt32LE(bytes.length, 0);
  header.writeUInt32LE(stream, 4);
  channel.cork();
  channel.write(header);
  const more = channel.write(bytes);
  channel.uncork();
  return more;
}

export function endStream(channel: Writable, stream: number): void {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(stream, 4);
  channel.write(header);
}

/**
 * Hands over bytes as they arrive, also parts of a chunk; null at the end of a stream. The bytes are lent for the
 * time of the call.
 */
export function readChunks(channel: Readable, take: (stream: number, bytes: Uint8Array | null) => void): void {
  const header = Buffer.alloc(HEADER);
  let known = 0;
  let left = 0;
  let stream = 0;
  channel.on('data', (data: Buffer) => {
    let at = 0;
    while (at < data.length) {
      if (left > 0) {
        const part = data.subarray(at, at + left);
        at += part.length;
        left -= part.length;
        take(stream, part);
        continue;
      }
      const copied = data.copy(header, known, at, at + HEADER - known);
      at += copied;
      known += copied;
      if (known < HEADER) return;
      known = 0;
      left = header.readUInt32LE(0);
      stream = header.readUInt32LE(4);
      if (left === 0) take(stream, null);
    }
  });
}

/** Collects whole streams, for readers that cannot use a part of one. */
export interface WholeStreams {
  take(stream: number, bytes: Uint8Array | null): void;
  /** Resolves with the whole stream when it has ended. May be called once per stream. */
  whole(stream: number): Promise<Buffer>;
}

export function collectStreams(): WholeStreams {
  const parts = new Map<number, Buffer[]>();
  const done = new Map<number, Buffer>();
  const waiting = new Map<number, (bytes: Buffer) => void>();
  return {
    take(stream, bytes) {
      const sofar = parts.get(stream) ?? [];
      if (bytes !== null) {
        parts.set(stream, [...sofar, Buffer.from(bytes)]);
        return;
      }
      parts.delete(stream);
      const whole = Buffer.concat(sofar);
      const waiter = waiting.get(stream);
      waiting.delete(stream);
      if (waiter === undefined) done.set(stream, whole);
      else waiter(whole);
    },
    whole(stream) {
      const whole = done.get(stream);
      done.delete(stream);
      return whole === undefined ? new Promise((resolve) => waiting.set(stream, resolve)) : Promise.resolve(whole);
    },
  };
}

/** Frames in one stream, each behind its length. */
export function packFrames(frames: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    frames.flatMap((frame) => {
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32LE(frame.length);
      return [length, frame];
    }),
  );
}

export function unpackFrames(packed: Buffer): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < packed.length;) {
    const length = packed.readUInt32LE(at);
    frames.push(packed.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return frames;
}
