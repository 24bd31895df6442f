import { hex } from './bytes.js';
import { decodeFrame } from './decode.js';
import { tagText } from './describe.js';
import { WireError } from './error.js';
import { isVlanTpid } from './ethernet.js';
import { fieldsOf } from './fields.js';
import type { VlanTag } from './frame.js';

/** Bytes of the two MAC addresses. */
const ADDRESSES = 12;

/** If more bytes than this differ, the rest are counted, not listed. */
const MOST_BYTES = 4;

/** A value with more letters than an IPv6 address or a nonce is not printed. */
const LONGEST_VALUE = 40;

/**
 * P2 identity: how a copy differs from what was sent, after declared normalisation only. What is expected is `sent`
 * with its tags replaced by `wireTags`; zero bytes at the end may come or go (padding), and a capture that was cut
 * (`originalLength` greater than `seen`) is compared as far as it goes. Readable sentences; empty = identical.
 *
 * @param originalLength bytes of the copy on the wire
 */
export function differences(
  sent: Uint8Array,
  wireTags: readonly VlanTag[],
  seen: Uint8Array,
  originalLength: number,
): string[] {
  const due = splitTags(sent).rest;
  const { tags, rest: got } = splitTags(seen);
  const out = [...tagDifferences(wireTags, tags), ...macDifferences(due, got)];
  // Tags and MACs are judged; the rest is compared without them.
  const wireLength = originalLength - 4 * tags.length;
  const common = Math.min(due.length, got.length);
  const positions: number[] = [];
  for (let i = ADDRESSES; i < common; i++) if (due[i] !== got[i]) positions.push(i);
  if (positions.length > 0)
    out.push(...contentDifferences(due.subarray(0, common), got.subarray(0, common), positions, tags.length));
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

/** The VLAN tags of a frame, outermost first. */
export function tagsOf(frame: Uint8Array): readonly VlanTag[] {
  return splitTags(frame).tags;
}

function splitTags(frame: Uint8Array): Split {
  const tags: VlanTag[] = [];
  let at = ADDRESSES;
  for (;;) {
    const tpid = ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
    if (!isVlanTpid(tpid) || at + 4 > frame.length) break;
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

/**
 * By field where both frames decode to the same layers, else by byte; byte positions count from the start of the copy.
 */
function contentDifferences(
  due: Uint8Array,
  got: Uint8Array,
  positions: readonly number[],
  tagCount: number,
): string[] {
  const fields = differingFields(due, got);
  const short = fields.filter((field) => field.was.length <= LONGEST_VALUE && field.is.length <= LONGEST_VALUE);
  const out = short.map((field) => `${field.name} is ${field.is}, was ${field.was}`);
  if (short.length === fields.length && fields.length > 0) return out;
  out.push(...fields.filter((field) => !short.includes(field)).map((field) => `${field.name} differs`));
  for (const i of positions.slice(0, MOST_BYTES))
    out.push(`byte ${i + 4 * tagCount}: ${hex(got.subarray(i, i + 1))}, was ${hex(due.subarray(i, i + 1))}`);
  if (positions.length > MOST_BYTES) out.push(`and ${positions.length - MOST_BYTES} more bytes`);
  return out;
}

interface FieldDifference {
  readonly name: string;
  readonly is: string;
  readonly was: string;
}

/** Empty when the two are not made of the same layers. */
function differingFields(due: Uint8Array, got: Uint8Array): readonly FieldDifference[] {
  if (!decodes(due) || !decodes(got)) return [];
  const left = fieldsOf(withoutMacs(due));
  const right = fieldsOf(withoutMacs(got));
  if (left.map(shape).join() !== right.map(shape).join()) return [];
  return left.flatMap((part, i) =>
    part.fields.flatMap((field, j) => {
      const is = right[i]?.fields[j]?.value ?? '';
      return is === field.value ? [] : [{ name: `${part.layer} ${field.name}`, is, was: field.value }];
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
