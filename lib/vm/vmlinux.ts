import { spawnSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { UserError } from '../userError.js';
import { UNAVAILABLE } from './command.js';

/** Offsets of the boot protocol's header (Documentation/arch/x86/boot.rst). */
const SETUP_SECTORS = 0x1f1;
const MAGIC = 0x202;
/** Where the text with the version begins, less 0x200; 0 where there is none. */
const VERSION_POINTER = 0x20e;
const VERSION_BASE = 0x200;
const PAYLOAD_OFFSET = 0x248;
const PAYLOAD_LENGTH = 0x24c;
/** Zero stands for four sectors. */
const SETUP_SECTORS_UNSET = 4;
const SECTOR = 512;

const ELF = Buffer.from('\x7fELF', 'latin1');
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);
const XZ = Buffer.from('\xfd7zXZ\0', 'latin1');

/** Far more than any kernel has. */
const BYTES_MAX = 512 * 1024 * 1024;

/** `init/version-timestamp.c`: how each kernel begins its log. */
const BANNER_HEAD = 'Linux version ';
const BANNER = /^\d+\.\d+\S* \(/;
const BANNER_MAX = 512;

/** ELF notes with an entry: octets of the name, those of an address, type XEN_ELFNOTE_PHYS32_ENTRY; then the name. */
const PVH_NOTES = [4, 8].map((octets) =>
  Buffer.concat([Buffer.from([4, 0, 0, 0, octets, 0, 0, 0, 18, 0, 0, 0]), Buffer.from('Xen\0', 'latin1')]),
);

/** Where a bzImage keeps the compressed kernel; null where the bytes are no bzImage. */
export function payloadOf(image: Buffer): Buffer | null {
  if (image.length < PAYLOAD_LENGTH + 4 || image.toString('latin1', MAGIC, MAGIC + 4) !== 'HdrS') return null;
  const sectors = image.readUInt8(SETUP_SECTORS) || SETUP_SECTORS_UNSET;
  const start = (sectors + 1) * SECTOR + image.readUInt32LE(PAYLOAD_OFFSET);
  const end = start + image.readUInt32LE(PAYLOAD_LENGTH);
  return end > image.length ? null : image.subarray(start, end);
}

/** What a kernel says of itself, as `6.17.13-mine (me@here) #3 SMP Sun Nov 29`; null where the bytes are no kernel of x86. */
export function bannerOf(image: Buffer): string | null {
  if (!image.subarray(0, ELF.length).equals(ELF)) {
    const pointer = payloadOf(image) === null ? 0 : image.readUInt16LE(VERSION_POINTER);
    return pointer === 0 ? null : textAt(image, pointer + VERSION_BASE);
  }
  for (let at = image.indexOf(BANNER_HEAD); at >= 0; at = image.indexOf(BANNER_HEAD, at + 1)) {
    const text = textAt(image, at + BANNER_HEAD.length);
    if (BANNER.test(text)) return text;
  }
  return null;
}

/** One line. */
const textAt = (image: Buffer, start: number): string =>
  image.toString('latin1', start, start + BANNER_MAX).split(/[\0\n]/)[0] ?? '';

/** Whether QEMU can start an uncompressed kernel: one has an entry for that where CONFIG_PVH is set. */
export function hasPvhEntry(elf: Buffer): boolean {
  return PVH_NOTES.some((note) => elf.includes(note));
}

/**
 * A kernel in a form that QEMU starts: without its compression where that can be, as it is else. Any compression will
 * do, as a bzImage unpacks itself.
 */
export function startable(image: Buffer): Buffer | null {
  const elf = image.subarray(0, ELF.length).equals(ELF) ? image : unpacked(image);
  if (elf !== null && hasPvhEntry(elf)) return elf;
  return payloadOf(image) === null ? null : image;
}

function unpacked(image: Buffer): Buffer | null {
  try {
    return uncompressedKernel(image, 'it');
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** What of a payload is the kernel, where it was compressed by gzip: bzImage's default. */
function gunzipped(payload: Buffer): Buffer | null {
  try {
    return gunzipSync(payload, { maxOutputLength: BYTES_MAX });
  } catch {
    return null;
  }
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
  if (payload?.subarray(0, GZIP.length).equals(GZIP) === true) {
    const kernel = gunzipped(payload);
    if (kernel?.subarray(0, ELF.length).equals(ELF) === true) return kernel;
  }
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
