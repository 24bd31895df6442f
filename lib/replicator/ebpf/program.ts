import { createHash } from 'node:crypto';
import { OBJECT } from './object.js';

/** As many copies as the program can make. */
export const MOST_COPIES = 7;

/** The section of the program, and with it its kind (libbpf, "Program Types and ELF Sections"). */
export const SECTION = 'tc';

/** Operand `n` of copies.c, from 1: an immediate of 32 bits, little endian as the program is. */
function placeholder(n: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(0x7e_af_00_00 + n);
  return bytes;
}

/** The ELF file of a program that copies to the interfaces with these indices, and to nobody else. */
export function objectFor(indices: readonly number[]): Buffer {
  if (indices.length > MOST_COPIES)
    throw new Error(`${indices.length} copies are wanted, and the program can make ${MOST_COPIES}`);
  const object = Buffer.from(OBJECT, 'base64');
  for (let n = 1; n <= MOST_COPIES; n += 1) {
    const at = object.indexOf(placeholder(n));
    // There is no interface 0: that call copies nothing (net/core/filter.c, bpf_clone_redirect).
    object.writeUInt32LE(indices[n - 1] ?? 0, at);
  }
  return object;
}

/** The bytes of a section of an ELF file of 64 bits (elf(5)). */
function sectionOf(object: Buffer, name: string): Buffer {
  const headersAt = Number(object.readBigUInt64LE(0x28));
  const size = object.readUInt16LE(0x3a);
  const header = (index: number) => object.subarray(headersAt + index * size, headersAt + (index + 1) * size);
  const content = (of: Buffer) => {
    const at = Number(of.readBigUInt64LE(0x18));
    return object.subarray(at, at + Number(of.readBigUInt64LE(0x20)));
  };
  const names = content(header(object.readUInt16LE(0x3e)));
  const sections = Array.from({ length: object.readUInt16LE(0x3c) }, (_, index) => header(index));
  const found = sections.find((of) => {
    const at = of.readUInt32LE(0);
    return names.toString('latin1', at, names.indexOf(0, at)) === name;
  });
  if (found === undefined) throw new Error(`the object has no section "${name}"`);
  return content(found);
}

/**
 * The tags that a kernel may give to a loaded program: the first 8 bytes of a hash of its instructions, in hex. The
 * hash was SHA-1 and is SHA-256 in newer kernels: Linux 6.18 says the second (kernel/bpf/core.c, bpf_prog_calc_tag).
 */
export function tagsOf(object: Buffer): readonly string[] {
  const instructions = sectionOf(object, SECTION);
  return ['sha1', 'sha256'].map((hash) => createHash(hash).update(instructions).digest('hex').slice(0, 16));
}
