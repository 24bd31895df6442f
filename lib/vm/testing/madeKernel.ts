import { gzipSync } from 'node:zlib';

const SECTOR = 512;
/** An ELF note with the entry of CONFIG_PVH, as a 64-bit kernel has it: name, 8 octets of an address. */
const PVH = Buffer.from([4, 0, 0, 0, 8, 0, 0, 0, 18, 0, 0, 0, 0x58, 0x65, 0x6e, 0, 1, 2, 3, 4, 5, 6, 7, 8]);

/** Bytes that look like an uncompressed kernel. */
export function madeElf(release: string, { pvh = true } = {}): Buffer {
  const text = `Linux version %s (%s)\0Linux version ${release} (me@here) #3 SMP\n\0`;
  return Buffer.concat([Buffer.from(`\x7fELF\0\0${text}`, 'latin1'), ...(pvh ? [PVH] : []), Buffer.alloc(64)]);
}

/** The same as a bzImage: a boot sector, one sector of setup with the version, and what is compressed. */
export function madeBzImage(release: string, payload: Buffer = gzipSync(madeElf(release))): Buffer {
  const setup = Buffer.alloc(2 * SECTOR);
  setup.writeUInt8(1, 0x1f1);
  setup.write('HdrS', 0x202, 'latin1');
  setup.writeUInt16LE(0x300 - 0x200, 0x20e);
  setup.write(`${release} (me@here) #3 SMP\0`, 0x300, 'latin1');
  // Behind the compressed stream is the size of what was compressed.
  const size = Buffer.alloc(4);
  setup.writeUInt32LE(0, 0x248);
  setup.writeUInt32LE(payload.length + size.length, 0x24c);
  return Buffer.concat([setup, payload, size]);
}
