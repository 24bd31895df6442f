import { differences, tagsOf } from './compare.js';
import { ETHERTYPE, isVlanTpid } from './ethernet.js';
import type { VlanTag } from './frame.js';

/** What the place of a capture may alter in all frames alike. `content`: anything else. */
export const ALTERATIONS = ['tags', 'hop-limit', 'content'] as const;
export type Alteration = (typeof ALTERATIONS)[number];

/** What a copy shows otherwise than it was sent. */
export function alterationsOf(
  sent: Uint8Array,
  wireTags: readonly VlanTag[],
  seen: Uint8Array,
  original: number,
): readonly Alteration[] {
  const differ = (...alike: readonly Alteration[]): boolean =>
    differencesBut(new Set(alike), sent, wireTags, seen, original).length > 0;
  if (!differ()) return [];
  if (differ('tags', 'hop-limit'))
    return ['content', ...(differ('hop-limit') && !differ('tags') ? (['tags'] as const) : [])];
  return [...(differ('hop-limit') ? (['tags'] as const) : []), ...(differ('tags') ? (['hop-limit'] as const) : [])];
}

/**
 * How a copy differs from what was sent (P2), without what is altered in all frames of its capture alike: see
 * `differences`.
 */
export function differencesBut(
  alike: ReadonlySet<Alteration>,
  sent: Uint8Array,
  wireTags: readonly VlanTag[],
  seen: Uint8Array,
  original: number,
): string[] {
  const tags = alike.has('tags') ? tagsOf(seen) : wireTags;
  return differences(sent, tags, alike.has('hop-limit') ? withHopLimit(seen, sent) : seen, original);
}

/** Where the packet of a frame begins. */
function packetAt(frame: Uint8Array): { readonly at: number; readonly etherType: number } {
  const typeAt = (at: number): number => ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
  let at = 12;
  while (isVlanTpid(typeAt(at)) && at + 4 <= frame.length) at += 4;
  return { at: at + 2, etherType: typeAt(at) };
}

/**
 * The frame with the hop limit of another (RFC 8200 3: byte 7; RFC 791 3.1: byte 8, with a checksum of its header at 10).
 */
function withHopLimit(frame: Uint8Array, of: Uint8Array): Uint8Array {
  const [own, other] = [packetAt(frame), packetAt(of)];
  if (own.etherType !== other.etherType) return frame;
  const bytes = own.etherType === ETHERTYPE.ipv6 ? [7] : own.etherType === ETHERTYPE.ipv4 ? [8, 10, 11] : [];
  const copy = Uint8Array.from(frame);
  for (const at of bytes) {
    const value = of[other.at + at];
    if (value !== undefined && own.at + at < copy.length) copy[own.at + at] = value;
  }
  return copy;
}
