/** Numbers that parsers stumble over. */
const EVIL = [0, 1, 2, 0xff, 0x100, 0xffff, 0x10000, 0x40000, 0x40001, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

type Mutation = (bytes: Uint8Array, random: () => number) => Uint8Array;

const at = (bytes: Uint8Array, random: () => number): number => Math.floor(random() * bytes.length);

const MUTATIONS: readonly Mutation[] = [
  // Bits flip.
  (bytes, random) => {
    for (let i = Math.ceil(random() * 8); i > 0; i--) {
      const place = at(bytes, random);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    return bytes;
  },
  // The disk was full.
  (bytes, random) => bytes.slice(0, at(bytes, random)),
  // A 32-bit field is absurd, in either byte order.
  (bytes, random) => {
    const value = EVIL[Math.floor(random() * EVIL.length)] ?? 0;
    const place = Math.max(0, Math.min(bytes.length - 4, at(bytes, random) & ~3));
    if (bytes.length >= 4) new DataView(bytes.buffer, bytes.byteOffset).setUint32(place, value, random() < 0.5);
    return bytes;
  },
  // A piece comes twice, or is gone.
  (bytes, random) => {
    const from = at(bytes, random);
    const to = Math.min(bytes.length, from + Math.floor(random() * 200));
    const pieces =
      random() < 0.5 ? [bytes.subarray(0, to), bytes.subarray(from)] : [bytes.subarray(0, from), bytes.subarray(to)];
    return Uint8Array.from(Buffer.concat(pieces));
  },
  // Noise is written over it.
  (bytes, random) => {
    const from = at(bytes, random);
    for (let i = from; i < Math.min(bytes.length, from + 64); i++) bytes[i] = Math.floor(random() * 256);
    return bytes;
  },
  // Something follows that does not belong to it.
  (bytes, random) =>
    Uint8Array.from(
      Buffer.concat([bytes, Uint8Array.from({ length: Math.floor(random() * 64) }, () => Math.floor(random() * 256))]),
    ),
];

/** One to three kinds of damage that happen to files. */
export function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  // Not `slice`: of a Buffer that is a view, and the original would be broken too.
  let mutated: Uint8Array = new Uint8Array(bytes);
  for (let i = Math.ceil(random() * 3); i > 0 && mutated.length > 0; i--)
    mutated = MUTATIONS[Math.floor(random() * MUTATIONS.length)]?.(mutated, random) ?? mutated;
  return mutated;
}
