import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Bytes of one read: what is read is still in the core's own cache when it is looked at. */
export const CHUNK_BYTES = 1 << 17;

export type Packing = 'none' | 'gzip' | 'zstd' | 'lz4';

/** How a file is compressed, from its first four bytes (RFC 1952, RFC 8878 3.1.1, lz4_Frame_format.md). */
export function packingOf(bytes: Uint8Array): Packing {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) return 'zstd';
  if (bytes[0] === 0x04 && bytes[1] === 0x22 && bytes[2] === 0x4d && bytes[3] === 0x18) return 'lz4';
  return 'none';
}

/**
 * Whether this machine can read what is packed like that: Node itself, for zstd from 22.15 on, else a program of this
 * name.
 */
export function canUnpack(packing: Packing): boolean {
  if (packing === 'none' || packing === 'gzip') return true;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return (
    (packing === 'zstd' && (major > 22 || (major === 22 && minor >= 15))) ||
    (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, packing)))
  );
}
