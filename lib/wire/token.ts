import { WireError } from './error.js';

/** A token is the last 12 bytes of a frame: magic, salt, id, 4 bytes each, big endian. */
export const TOKEN_BYTES = 12;

/** "eLf1" */
const MAGIC = 0x654c6631;

/**
 * Writes the token into the last 12 bytes of `frame`. `salt` is a signed or unsigned 32-bit value, `id` is 0..2^32-1.
 * Throws WireError when the frame is shorter than a token or the id does not fit.
 */
export function writeToken(frame: Uint8Array, salt: number, id: number): void {
  const start = frame.length - TOKEN_BYTES;
  if (start < 0) throw new WireError(`a frame of ${frame.length} bytes has no room for a token`);
  if (!Number.isInteger(id) || id < 0 || id > 0xffffffff) throw new WireError(`token id ${id} is not 0..2^32-1`);
  put32(frame, start, MAGIC);
  put32(frame, start + 4, salt);
  put32(frame, start + 8, id);
}

/**
 * The id in the last 12 of `captured` bytes at `start`, or -1 when there is no token of this salt. Only meaningful when
 * the frame was captured whole (captured = original length): a snapped frame has lost its token. Allocates nothing.
 */
export function readToken(bytes: Uint8Array, start: number, captured: number, salt: number): number {
  if (captured < TOKEN_BYTES) return -1;
  const at = start + captured - TOKEN_BYTES;
  if (bytes[at] !== 0x65 || bytes[at + 1] !== 0x4c || bytes[at + 2] !== 0x66 || bytes[at + 3] !== 0x31) return -1;
  if (get32(bytes, at + 4) !== (salt | 0)) return -1;
  return get32(bytes, at + 8) >>> 0;
}

/**
 * The id of a token of this salt anywhere in `captured` bytes at `start`, the last one where there are several, or -1.
 * For frames that have none at their end: a device that pads a copy, or appends to it, leaves its token inside. Looks
 * at every byte, so it is for rare frames only.
 */
export function findToken(bytes: Uint8Array, start: number, captured: number, salt: number): number {
  for (let length = captured; length >= TOKEN_BYTES; length--) {
    const id = readToken(bytes, start, length, salt);
    if (id >= 0) return id;
  }
  return -1;
}

/**
 * The salt of a token, unsigned, or -1 when the last 12 bytes are no token at all. Tells a frame of another run from a
 * foreign one.
 */
export function readTokenSalt(bytes: Uint8Array, start: number, captured: number): number {
  if (captured < TOKEN_BYTES) return -1;
  const at = start + captured - TOKEN_BYTES;
  return get32(bytes, at) === MAGIC ? get32(bytes, at + 4) >>> 0 : -1;
}

function get32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
