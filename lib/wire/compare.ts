import { hex } from './bytes.js';
import { decodeFrame } from './decode.js';
import { tagText } from './describe.js';
import { WireError } from './error.js';
import { ETHERTYPE } from './ethernet.js';
import { fieldsOf } from './fields.js';
import type { VlanTag } from './frame.js';

/** Bytes of the two MAC addresses. */
const ADDRESSES = 12;

/** More differing bytes than this are counted, not listed. */
const MOST_BYTES = 4;

/**
 * P2 identity: how a copy differs from what was sent, after declared normalisation only. What is expected is `sent` with its tags
 * replaced by `wireTags`; zero bytes at the end may come or go (padding), and a capture that was cut (`originalLength` greater than
 * `seen`) is compared as far as it goes. Readable sentences; empty = identical.
 *
 * @param originalLength bytes of the copy on the wire
 */
export function differences(sent: Uint8Array, wireTags: readonly VlanTag[], seen: Uint8Array, originalLength: number): string[] {
  const due = splitTags(sent).rest;
  const { tags, rest: got } = splitTags(seen);
  const out = [...tagDifferences(wireTags, tags), ...macDifferences(due, got)];
  // Tags and MACs are judged; the rest is compared without them.
  const wireLength = originalLength - 4 * tags.length;
  const common = Math.min(due.length, got.length);
  const positions: number[] = [];
  for (let i = ADDRESSES; i < common; i++) if (due[i] !== got[i]) positions.push(i);
  if (positions.length > 0) out.push(...contentDifferences(due.subarray(0, common), got.subarray(0, common), positions, tags.length));
  const lost = due.length - wireLength;
  if (lost > trailingZeros(due)) out.push(`${lost} bytes of the end are lost`);
  const added = got.subarray(due.length);
  if (trailingZeros(added) < added.length) out.push(`${added.length} bytes are added: ${hex(added.subarray(0, 16))}`);
  return out;
}

interface Split {
  readonly tags: readonly VlanTag[];
  /** The frame without tags. */
  readonly rest: Uint8Array;
}

function splitTags(frame: Uint8Array): Split {
  const tags: VlanTag[] = [];
  let at = ADDRESSES;
  for (;;) {
    const tpid = ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
    if ((tpid !== ETHERTYPE.vlan && tpid !== ETHERTYPE.qinq) || at + 4 > frame.length) break;
    const tci = ((frame[at + 2] ?? 0) << 8) | (frame[at + 3] ?? 0);
    tags.push({ tpid, vid: tci & 0x0fff, pcp: tci >> 13, dei: (tci & 0x1000) !== 0 });
    at += 4;
  }
  if (tags.length === 0) return { tags, rest: frame };
  const rest = new Uint8Array(frame.length - 4 * tags.length);
  rest.set(frame.subarray(0, ADDRESSES), 0);
  rest.set(frame.subarray(at), ADDRESSES);
  return { tags, rest };
}

function tagDifferences(due: readonly VlanTag[], got: readonly VlanTag[]): string[] {
  if (due.map(tagText).join() === got.map(tagText).join()) return [];
  if (got.length === 0) return due.map((tag) => `tag vid ${tag.vid} missing`);
  if (due.length === 0) return got.map((tag) => `tag vid ${tag.vid} added`);
  return [`tags are ${got.map(tagText).join(' + ')}, were ${due.map(tagText).join(' + ')}`];
}

function trailingZeros(bytes: Uint8Array): number {
  let count = 0;
  while (count < bytes.length && bytes[bytes.length - 1 - count] === 0) count++;
  return count;
}

function macDifferences(a: Uint8Array, b: Uint8Array): string[] {
  const mac = (bytes: Uint8Array, at: number) => hex(bytes.subarray(at, at + 6)).replace(/(..)(?=.)/g, '$1:');
  const out: string[] = [];
  if (mac(a, 0) !== mac(b, 0)) out.push(`destination MAC is ${mac(b, 0)}, was ${mac(a, 0)}`);
  if (mac(a, 6) !== mac(b, 6)) out.push(`source MAC is ${mac(b, 6)}, was ${mac(a, 6)}`);
  return out;
}

/** By field where both frames decode to the same layers, by byte otherwise; byte positions count from the start of the copy. */
function contentDifferences(a: Uint8Array, b: Uint8Array, positions: readonly number[], tagCount: number): string[] {
  const named = fieldDifferences(a, b);
  if (named.length > 0) return named;
  const listed = positions.slice(0, MOST_BYTES).map((i) => `byte ${i + 4 * tagCount}: ${hex(b.subarray(i, i + 1))}, was ${hex(a.subarray(i, i + 1))}`);
  const more = positions.length - listed.length;
  return more > 0 ? [...listed, `and ${more} more bytes`] : listed;
}

function fieldDifferences(a: Uint8Array, b: Uint8Array): string[] {
  if (!decodes(a) || !decodes(b)) return [];
  const left = fieldsOf(withoutMacs(a));
  const right = fieldsOf(withoutMacs(b));
  if (left.map(shape).join() !== right.map(shape).join()) return [];
  return left.flatMap((part, i) =>
    part.fields.flatMap((field, j) => {
      const value = right[i]?.fields[j]?.value;
      return value === field.value ? [] : [`${part.layer} ${field.name} is ${value ?? 'absent'}, was ${field.value}`];
    }),
  );
}

function withoutMacs(frame: Uint8Array): Uint8Array {
  return Uint8Array.from(frame).fill(0, 0, ADDRESSES);
}

function shape(part: { readonly layer: string; readonly fields: readonly { readonly name: string }[] }): string {
  return `${part.layer}(${part.fields.map((field) => field.name).join(';')})`;
}

function decodes(bytes: Uint8Array): boolean {
  try {
    decodeFrame(bytes);
    return true;
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}
