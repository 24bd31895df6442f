import { WireError } from './error.js';

/** Reads and checks; positions count from the start of `bytes`. Everything throws WireError past the end. */
export function u8(bytes: Uint8Array, at: number): number {
  const value = bytes[at];
  if (value === undefined) throw new WireError('cut short', at);
  return value;
}

export function u16(bytes: Uint8Array, at: number): number {
  return (u8(bytes, at) << 8) | u8(bytes, at + 1);
}

export function u32(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) * 0x10000 + u16(bytes, at + 2);
}

/** A copy, so that decoded frames outlive the buffer they came from. */
export function slice(bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (from > to || to > bytes.length) throw new WireError('cut short', bytes.length);
  return bytes.slice(from, to);
}

export function be16(value: number): readonly number[] {
  return [(value >>> 8) & 0xff, value & 0xff];
}

export function be32(value: number): readonly number[] {
  return [...be16(value >>> 16), ...be16(value & 0xffff)];
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Bytes of a hex text. Throws WireError when it is not one. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) throw new WireError('not a hex text');
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

export function ascii(text: string): readonly number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}
