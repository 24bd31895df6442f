import { listed, some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';
import { isOnTheWire, type Vantage } from '../vantage/vantages.js';
import type { Problem } from '../read/certificate.js';
import type { Fields, HostTags } from './fields.js';

/**
 * What the place of a capture alters alike in all frames: switches take VLAN tags off what they hand to their CPU or
 * mirror, and some take one off the hop limit. That is no replicator's doing, and is left out of what is compared. A
 * replicator may do the same to each of its copies, but not to data, which is none of its business: data tells.
 */
export interface Normal {
  /** Frames are compared without their tags. */
  readonly isTagless: boolean;
  /** By leaf: one is added to the hop limits of IPv4 and of IPv6. */
  readonly hops: readonly HopsLess[];
}

export interface HopsLess {
  readonly ipv4: boolean;
  readonly ipv6: boolean;
}

export const NO_HOPS_LESS: HopsLess = { ipv4: false, ipv6: false };

/** What one leaf's capture shows otherwise than others, and whether that is its vantage. */
export interface Altered {
  readonly leaf: number;
  readonly what: 'tags' | 'hop-limit';
  /** Data shows it, or the vantage was declared. Else a replicator may as well have done it. */
  readonly isSure: boolean;
  /** As a clause. */
  readonly text: string;
}

export interface Alike {
  readonly altered: readonly Altered[];
  /** null = nothing is to be left out. */
  readonly normal: Normal | null;
}

export interface AlikeInput {
  readonly leaves: readonly string[];
  readonly fields: readonly (Fields | undefined)[];
  readonly vantages: readonly Vantage[];
  /** No capture is in a format that loses tags. */
  readonly hasTags: boolean;
  /** The profile asks the same of frames with a tag and without. */
  readonly isDutyWithoutTags: boolean;
}

/** Of fewer frames it is not said that all of them are altered. */
const LEAST = 8;
const LEAST_ND = 5;
/** Of frames that had a tag elsewhere: what is not here at all was not altered here. */
const LEAST_SHARE = 1 / 2;
/** Data frames of one host that show what becomes of its data. */
const LEAST_DATA = 3;

export function alikeIn(input: AlikeInput): Alike {
  const hops = oneLess(input);
  const tags = withoutTags(input);
  const altered = [...tags, ...hops.map(({ altered: of }) => of)];
  if (altered.length === 0) return { altered, normal: null };
  return {
    altered,
    normal: {
      isTagless: tags.length > 0,
      hops: input.leaves.map((_, leaf) => hops.find(({ altered: of }) => of.leaf === leaf)?.less ?? NO_HOPS_LESS),
    },
  };
}

/** Leaves on which no frame has a tag, where the same hosts' frames on others have one. */
function withoutTags({ leaves, fields, vantages, hasTags, isDutyWithoutTags }: AlikeInput): Altered[] {
  if (!hasTags || !isDutyWithoutTags || fields.some((of) => (of?.stacked ?? 0) > 0)) return [];
  return leaves.flatMap((name, leaf): Altered[] => {
    const own = speakersOf(fields[leaf]);
    const vantage = vantages[leaf];
    if (vantage !== undefined && isOnTheWire(vantage)) return [];
    if (own.some(({ neighbors, data }) => neighbors.tagged + data.tagged > 0)) return [];
    const others = fields.flatMap((of, at) => (at === leaf ? [] : speakersOf(of)));
    const tagged = others.filter(({ neighbors }) => neighbors.tagged > 0);
    const shares = [...new Set(tagged.map(({ mac }) => mac))].map((mac) => shareOf(mac, own, others));
    if (shares.some(({ had, here }) => here < LEAST_SHARE * had)) return [];
    if (shares.reduce((sum, { here }) => sum + here, 0) < LEAST) return [];
    const isShown = tagged.some(({ mac }) => {
      const elsewhere = others.filter((host) => host.mac === mac);
      const here = own.find((host) => host.mac === mac);
      return (
        elsewhere.every(({ data }) => data.plain === 0) &&
        elsewhere.reduce((sum, { data }) => sum + data.tagged, 0) >= LEAST_DATA &&
        (here?.data.plain ?? 0) >= LEAST_DATA
      );
    });
    const isDeclared = (vantage?.name ?? null) !== null;
    // Where hosts also speak without a tag, a replicator that takes some tags off looks the same.
    const isEach = tagged.every(({ neighbors }) => neighbors.plain === 0);
    if (!isEach && !isShown && !isDeclared) return [];
    const where = leaves.filter((_, at) => (fields[at]?.hosts ?? []).some(({ neighbors }) => neighbors.tagged > 0));
    return [
      {
        leaf,
        what: 'tags',
        isSure: isShown || isDeclared,
        text: `no frame on ${name} has a VLAN tag, where frames of the same hosts on ${listed(where)} have one`,
      },
    ];
  });
}

/** How many neighbor frames of a host had a tag on another leaf, and how many more than there have none here. */
function shareOf(mac: number, own: Fields['hosts'], others: Fields['hosts']): { had: number; here: number } {
  const most = (of: (host: HostTags) => number, hosts: Fields['hosts']): number =>
    Math.max(0, ...hosts.filter((host) => host.mac === mac).map(of));
  return {
    had: most(({ neighbors }) => neighbors.tagged, others),
    here: most(({ neighbors }) => neighbors.plain, own) - most(({ neighbors }) => neighbors.plain, others),
  };
}

/** Leaves on which each hop limit of Neighbor Discovery is 254, where it is 255 on others. */
function oneLess({ leaves, fields, vantages }: AlikeInput): { readonly altered: Altered; readonly less: HopsLess }[] {
  const isLess = (of: Fields | undefined): boolean => (of?.oneLess ?? 0) >= LEAST_ND && of?.whole === 0;
  const isWhole = (of: Fields | undefined): boolean => (of?.oneLess ?? 0) === 0;
  const whole = fields.filter((of) => isWhole(of) && (of?.whole ?? 0) >= LEAST_ND);
  if (whole.length === 0 || !fields.every((of) => isLess(of) || isWhole(of))) return [];
  return leaves.flatMap((name, leaf) => {
    const own = fields[leaf];
    const vantage = vantages[leaf];
    if (own === undefined || !isLess(own) || (vantage !== undefined && isOnTheWire(vantage))) return [];
    const ipv6 = shiftOf(
      own.hopLimits,
      whole.flatMap((of) => of?.hopLimits ?? []),
    );
    const ipv4 = shiftOf(
      own.ttls,
      whole.flatMap((of) => of?.ttls ?? []),
    );
    if (ipv6 === 'none') return [];
    return [
      {
        altered: {
          leaf,
          what: 'hop-limit' as const,
          isSure: ipv6 === 'one' || ipv4 === 'one' || (vantage?.name ?? null) !== null,
          text: `each hop limit of Neighbor Discovery on ${name} is 254, where it must be 255 and is on others`,
        },
        less: { ipv4: ipv4 === 'one', ipv6: true },
      },
    ];
  });
}

/** By how much the hop limits of data differ. */
function shiftOf(own: Fields['ttls'], others: Fields['ttls']): 'one' | 'none' | 'unknown' {
  const seen = new Set(others.filter(([, frames]) => frames > 0).map(([value]) => value));
  const values = own.filter(([, frames]) => frames > 0).map(([value]) => value);
  if (own.reduce((sum, [, frames]) => sum + frames, 0) < LEAST_DATA) return 'unknown';
  const isAsElsewhere = values.some((value) => seen.has(value));
  const isOneLess = values.every((value) => seen.has(value + 1));
  if (isOneLess && !isAsElsewhere) return 'one';
  return isAsElsewhere && !isOneLess ? 'none' : 'unknown';
}

/** Who sends neighbor frames. */
function speakersOf(fields: Fields | undefined): Fields['hosts'] {
  return (fields?.hosts ?? []).filter(({ neighbors }) => neighbors.tagged + neighbors.plain > 0);
}

/** Where frames cannot be compared otherwise, because the captures are gone. */
export function alikeProblems({ altered }: Alike, leaf: number): Problem[] {
  return altered
    .filter((of) => of.leaf === leaf)
    .map(({ text }) => ({
      signature: 'no-proof-of-life',
      text: `${text}; to compare frames without that, captures are read twice: save them to files`,
    }));
}

/** What was left out of the comparison. */
export function alikeFindings({ altered }: Alike, leaves: readonly string[], fields: AlikeInput['fields']): Finding[] {
  return altered.map(({ leaf, what, isSure, text }): Finding => {
    const name = leaves[leaf] ?? '';
    const of = fields[leaf];
    const count =
      what === 'tags'
        ? (of?.hosts ?? []).reduce((sum, { neighbors, data }) => sum + neighbors.plain + data.plain, 0)
        : (of?.oneLess ?? 0);
    const rest =
      what === 'tags'
        ? 'frames are compared without tags'
        : 'one is added to each hop limit there before frames are compared';
    return isSure
      ? {
          property: 'P2',
          signature: 'identity',
          verdict: 'note',
          leaf: name,
          count,
          probes: [],
          sentence: `${sentence(text)} (${some(count, 'frame')}): so the capture was taken, and ${rest}.`,
        }
      : {
          property: 'P2',
          signature: 'identity',
          verdict: 'inconclusive',
          leaf: name,
          count,
          probes: [],
          sentence: `${sentence(text)} (${some(count, 'frame')}). The place of the capture may do that, or the replicator, and no data tells which: say where it was taken, as in --vantage ${name}=span, or --vantage ${name}=port where nothing alters frames.`,
        };
  });
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
