import { spawnSync } from 'node:child_process';
import { UserError } from '../userError.js';
import { UNAVAILABLE } from './command.js';

/** Offsets of the boot protocol's header (Documentation/arch/x86/boot.rst). */
const SETUP_SECTORS = 0x1f1;
const MAGIC = 0x202;
const PAYLOAD_OFFSET = 0x248;
const PAYLOAD_LENGTH = 0x24c;
/** Zero stands for four sectors. */
const SETUP_SECTORS_UNSET = 4;
const SECTOR = 512;

const ELF = Buffer.from('\x7fELF', 'latin1');
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const XZ = Buffer.from('\xfd7zXZ\0', 'latin1');

/** Far more than any kernel has. */
const BYTES_MAX = 512 * 1024 * 1024;

/** Where a bzImage keeps the compressed kernel; null where the bytes are no bzImage. */
export function payloadOf(image: Buffer): Buffer | null {
  if (image.length < PAYLOAD_LENGTH + 4 || image.toString('latin1', MAGIC, MAGIC + 4) !== 'HdrS') return null;
  const sectors = image.readUInt8(SETUP_SECTORS) || SETUP_SECTORS_UNSET;
  const start = (sectors + 1) * SECTOR + image.readUInt32LE(PAYLOAD_OFFSET);
  const end = start + image.readUInt32LE(PAYLOAD_LENGTH);
  return end > image.length ? null : image.subarray(start, end);
}

/**
 * The kernel itself. Started without its compression it boots 0.5 s sooner where a CPU is emulated. Throws UserError.
 *
 * @param image a bzImage, or a kernel that is not compressed
 * @param name of its file, for the message
 */
export function uncompressedKernel(image: Buffer, name: string): Buffer {
  if (image.subarray(0, ELF.length).equals(ELF)) return image;
  const payload = payloadOf(image);
  const unpack =
    payload === null
      ? null
      : payload.subarray(0, ZSTD.length).equals(ZSTD)
        ? ['zstd', '-dcq']
        : payload.subarray(0, XZ.length).equals(XZ)
          ? ['xz', '-dcq', '--single-stream']
          : null;
  if (payload === null || unpack === null)
    throw new UserError(`${name} is not a kernel of x86 that this can unpack`, 'give the file vmlinux of the build');
  const [file = '', ...args] = unpack;
  // Behind the stream is its size, about which the programs complain: what counts is what came out.
  const { stdout, error } = spawnSync(file, args, { input: payload, maxBuffer: BYTES_MAX });
  if (error === undefined && stdout.subarray(0, ELF.length).equals(ELF)) return stdout;
  throw new UserError(`"${file}" cannot unpack ${name}`, `apt-get install zstd xz-utils`, UNAVAILABLE);
}
