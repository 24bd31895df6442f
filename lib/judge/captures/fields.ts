import type { Classification } from '../../wire/classify.js';
import { KINDS, type KindId } from '../../wire/kinds.js';
import { MOST_HOSTS } from './settings.js';
import { OWN_MEMORY, type TableRoom } from './tableRoom.js';

/** What vantages alter alike in all frames, counted over the hosts' frames of one capture. */
export interface Fields {
  /** Hosts, by MAC, that sent something. */
  readonly hosts: readonly HostTags[];
  /** Neighbor frames and data with two tags or more. */
  readonly stacked: number;
  /** NS, NA and the like with hop limit 255, and with 254. */
  readonly whole: number;
  readonly oneLess: number;
  /** Frames of data by hop limit, over IPv4 and over IPv6: pairs of value and count. */
  readonly ttls: readonly (readonly [value: number, frames: number])[];
  readonly hopLimits: readonly (readonly [value: number, frames: number])[];
}

/** Frames of one host with and without a tag. */
export interface HostTags {
  readonly mac: number;
  readonly neighbors: { readonly tagged: number; readonly plain: number };
  readonly data: { readonly tagged: number; readonly plain: number };
}

export interface FieldCounter {
  /** A host's frame that was classified; `added` to its hop limit beforehand. Allocates nothing. */
  note(bytes: Uint8Array, found: Classification, sender: number, added: number): void;
  fields(macs: Float64Array): Fields;
  /** What is counted, for code that counts as `note` does. */
  readonly tables: FieldTables;
}

export interface FieldTables {
  /** By sender: neighbor frames without and with tags, data without and with tags. */
  readonly bySender: Uint32Array;
  /** Of IPv4, then of IPv6. */
  readonly hops: Uint32Array;
  /** Frames that are stacked, whole, one less. */
  readonly sums: Uint32Array;
  /** What a kind is to the counts. */
  readonly sorts: Uint8Array;
}

const SLOTS = 4;
/** Values of a hop limit. */
const HOPS = 256;
const MALFORMED: KindId = 'nd-malformed';
const ICMPV6 = 58;
/** What a kind is to the counts, as bytes: a table of booleans costs a lookup of an object for each frame. */
const [NOTHING, NEIGHBORS, DATA] = [0, 1, 2] as const;
const sorts = Uint8Array.from(KINDS, ({ family, id }) => {
  if (family === 'arp' || family === 'nd' || id === MALFORMED) return NEIGHBORS;
  return family === 'data' || family === 'near-miss' ? DATA : NOTHING;
});
const malformed = KINDS.findIndex(({ id }) => id === MALFORMED);

const [STACKED, WHOLE, ONE_LESS] = [0, 1, 2] as const;

export function createFieldCounter(room: TableRoom = OWN_MEMORY): FieldCounter {
  const bySender = room.counts((MOST_HOSTS + 1) * SLOTS);
  const hops = room.counts(2 * HOPS);
  const sums = room.counts(3);
  return {
    note(bytes, found, sender, added) {
      const kind = found.kind;
      const sort = sorts[kind] as number;
      if (sort === NOTHING) return;
      const { tagCount, etherType, bodyStart } = found;
      const slot = sender * SLOTS + (sort === DATA ? 2 : 0) + (tagCount > 0 ? 1 : 0);
      bySender[slot] = (bySender[slot] as number) + 1;
      if (tagCount > 1) sums[STACKED] = (sums[STACKED] as number) + 1;
      const isIpv6 = etherType === 0x86dd;
      if ((!isIpv6 && etherType !== 0x0800) || found.bodyLength < 40) return;
      // A byte, whatever was taken off it.
      const hop = ((bytes[bodyStart + (isIpv6 ? 7 : 8)] as number) - added) & 0xff;
      if (sort === DATA) {
        const at = isIpv6 ? HOPS + hop : hop;
        hops[at] = (hops[at] as number) + 1;
      } else if (hop === 255 && kind !== malformed) sums[WHOLE] = (sums[WHOLE] as number) + 1;
      else if (hop === 254 && (kind === malformed || added > 0) && bytes[bodyStart + 6] === ICMPV6)
        sums[ONE_LESS] = (sums[ONE_LESS] as number) + 1;
    },
    tables: { bySender, hops, sums, sorts },
    fields(macs) {
      const at = (slot: number): number => bySender[slot] ?? 0;
      const hosts: HostTags[] = [];
      for (let sender = 1; sender <= MOST_HOSTS; sender++) {
        const slot = sender * SLOTS;
        if (at(slot) + at(slot + 1) + at(slot + 2) + at(slot + 3) === 0) continue;
        hosts.push({
          mac: macs[sender - 1] ?? 0,
          neighbors: { plain: at(slot), tagged: at(slot + 1) },
          data: { plain: at(slot + 2), tagged: at(slot + 3) },
        });
      }
      const pairs = (of: Uint32Array): (readonly [number, number])[] =>
        [...of].flatMap((frames, value) => (frames === 0 ? [] : [[value, frames] as const]));
      return {
        hosts,
        stacked: sums[STACKED] ?? 0,
        whole: sums[WHOLE] ?? 0,
        oneLess: sums[ONE_LESS] ?? 0,
        ttls: pairs(hops.subarray(0, HOPS)),
        hopLimits: pairs(hops.subarray(HOPS)),
      };
    },
  };
}
