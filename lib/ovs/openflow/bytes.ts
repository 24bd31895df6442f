/** Numbers in network byte order (OpenFlow 1.4.1, 7: all messages are big-endian). Throws RangeError where they do not fit. */
export function u8(value: number): Buffer {
  const bytes = Buffer.alloc(1);
  bytes.writeUInt8(value);
  return bytes;
}

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** So many bytes of zero. */
export const zeros = (count: number): Buffer => Buffer.alloc(count);

/** The bytes, and zeros up to the next multiple of 8: structures of OpenFlow are padded so. */
export function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, zeros((8 - (bytes.length % 8)) % 8)]);
}
