import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { CHUNK_BYTES, packingOf, type Packing } from './packing.js';

/** A compressed capture may hold this much; a bomb holds more. */
const MOST_DECOMPRESSED = 256 * 2 ** 30;

/**
 * The bytes of a capture, decompressed. `file` is a path, or `-` for standard input. Throws what reading or
 * decompression throws.
 */
export async function* captureStream(file: string): AsyncGenerator<Uint8Array> {
  const source =
    file === '-'
      ? createReadStream('', { fd: 0, autoClose: false, highWaterMark: CHUNK_BYTES })
      : createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const chunks: AsyncIterator<Buffer, undefined> = source[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 4) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const packing = packingOf(head);
  const rest = async function* (): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  };
  if (packing === 'none') {
    yield* rest();
    return;
  }
  let size = 0;
  for await (const chunk of unpacked(packing, rest())) {
    size += chunk.length;
    if (size > MOST_DECOMPRESSED) throw new Error(`it decompresses to more than ${MOST_DECOMPRESSED / 2 ** 30} GiB`);
    yield chunk;
  }
}

async function* unpacked(packing: Exclude<Packing, 'none'>, packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const inner =
    packing === 'gzip'
      ? zlib.createGunzip({ chunkSize: CHUNK_BYTES })
      : packing === 'zstd'
        ? nativeZstd?.()
        : undefined;
  if (inner === undefined) {
    yield* unpackedBy(packing, packed);
    return;
  }
  // An error of either side destroys the other one, and the loop below throws it.
  pipeline(Readable.from(packed, { objectMode: false }), inner, () => undefined);
  for await (const chunk of inner) yield chunk as Buffer;
}

/** Node 22.15 and later. */
const nativeZstd = (zlib as { readonly createZstdDecompress?: () => Transform }).createZstdDecompress;

/** Most memory that the program may take for a frame's window, MiB. */
const ZSTD_WINDOW = 128;

/** No library for lz4 reads a stream without a compiler on the machine; the program does. */
async function* unpackedBy(program: Exclude<Packing, 'none'>, packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const child = spawn(program, program === 'zstd' ? ['-dcq', `-M${ZSTD_WINDOW}MB`] : ['-dcq'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-400);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // Whoever looks at it first says what went wrong; until then it is not unhandled.
  ended.catch(() => undefined);
  pipeline(Readable.from(packed, { objectMode: false }), child.stdin, () => undefined);
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    const code = await ended;
    if (code !== 0)
      throw new Error(
        said.trim().replace(/^(?:zstd: *|Error \d+ : *)/, '') || `${program} ended with code ${code ?? 'none'}`,
      );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Error(`${program} is needed to read it; install the package ${program}`, { cause: error });
    throw error;
  } finally {
    child.kill();
  }
}
