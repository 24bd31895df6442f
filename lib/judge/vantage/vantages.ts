import { some } from '../tell/phrasing.js';

/**
 * What a capture can carry, by the place where it was taken. A declaration only takes claims away: what a vantage
 * cannot carry is not judged there, neither way. No figure of a device stands here, only what kind of thing a vantage
 * can show.
 */
export const CLAIMS = [
  'reached',
  'missing',
  'once',
  'identity',
  'tags',
  'hop-limit',
  'skew',
  'data',
  'reflection',
] as const;
export type ClaimName = (typeof CLAIMS)[number];

/** What a pass stands for unless something else is asked for. */
export const DEMANDED: readonly ClaimName[] = ['reached', 'missing', 'once', 'identity'];

/** How a claim is called in a sentence. */
export const CLAIM_TEXT: Readonly<Record<ClaimName, string>> = {
  reached: 'at least once',
  missing: 'that a copy is missing',
  once: 'exactly once',
  identity: 'identity',
  tags: 'tags',
  'hop-limit': 'hop limit',
  skew: 'skew',
  data: 'data',
  reflection: 'reflection',
};

/**
 * `counted`: only with a loss counter that was read and stood still (`--losses`). `shown`: only where frames of the
 * capture itself show that it keeps that.
 */
type Carries = 'yes' | 'counted' | 'shown' | 'no';

interface Row {
  readonly title: string;
  /** Where it stands that it is so. */
  readonly source: string;
  readonly carries: Readonly<Record<ClaimName, Carries>>;
}

const ALL = {
  reached: 'yes',
  missing: 'yes',
  once: 'yes',
  identity: 'yes',
  tags: 'yes',
  'hop-limit': 'yes',
  skew: 'yes',
  data: 'yes',
  reflection: 'yes',
} as const;
/** A copy that the switch made: dropped first when the mirror port is full; whether tags are kept is up to the switch. */
const MIRROR = { ...ALL, missing: 'counted', once: 'counted', tags: 'shown', data: 'counted' } as const;
/** What goes through the CPU of a switch: policed, delayed by a queue, without most data. */
const CPU = { ...MIRROR, skew: 'no', data: 'no' } as const;

export const VANTAGES = {
  port: { title: 'packet socket on the leaf port', source: 'packet(7)', carries: ALL },
  tap: { title: 'optical or inline tap', source: 'IEEE 802.3: a passive split', carries: ALL },
  span: {
    title: 'SPAN or mirror port',
    source:
      'NVIDIA Cumulus "SPAN and ERSPAN": mirrored traffic is not guaranteed; Cisco N9k system management guide: TX copies gain, RX copies lack a dot1q header',
    carries: MIRROR,
  },
  erspan: {
    title: 'ERSPAN',
    source: 'draft-foschiano-erspan-02: sequence numbers tell loss; the path jitters',
    carries: { ...MIRROR, skew: 'no' },
  },
  erspan3: {
    title: 'ERSPAN type III',
    source: 'draft-foschiano-erspan-02: time stamps of the switch',
    carries: MIRROR,
  },
  trap: {
    title: 'trap to the CPU of the leaf',
    source:
      'devlink-trap(8); SONiC copp_cfg.j2: action copy, one policer for ARP and ND; sonic-swss#812: flooded once by the ASIC and once by the kernel',
    carries: { ...CPU, once: 'no', reflection: 'no' },
  },
  'mirror-cpu': {
    title: 'mirror to the CPU of the leaf',
    source: 'Arista mirror-to-CPU; Cisco NX-OS SPAN to sup-eth0, 50 kbps by default',
    carries: CPU,
  },
  'vendor-file': {
    title: "file of the leaf's own capture command",
    source: 'Cisco IOS-XE EPC, Huawei capture-packet, H3C packet-capture: limited in rate, count and length',
    carries: CPU,
  },
  sflow: {
    title: 'sampled (sFlow)',
    source: 'sFlow version 5: one in N',
    carries: {
      reached: 'yes',
      missing: 'no',
      once: 'no',
      identity: 'no',
      tags: 'no',
      'hop-limit': 'no',
      skew: 'no',
      data: 'no',
      reflection: 'no',
    },
  },
} as const satisfies Readonly<Record<string, Row>>;

export type VantageName = keyof typeof VANTAGES;
export const VANTAGE_NAMES = Object.keys(VANTAGES) as [VantageName, ...VantageName[]];

/** What is known of one leaf's capture beside its frames. */
export interface Vantage {
  /** null: nothing was said of it. */
  readonly name: VantageName | null;
  /** Frames that its counters say were lost on the way; null: they were not read. */
  readonly losses: number | null;
}

export const UNDECLARED: Vantage = { name: null, losses: null };

export function isVantage(text: string): text is VantageName {
  return Object.hasOwn(VANTAGES, text);
}

export function isClaim(text: string): text is ClaimName {
  return (CLAIMS as readonly string[]).includes(text);
}

/** A place where nothing is lost, doubled or altered on the way to the capture. */
export function isOnTheWire({ name }: Vantage): boolean {
  return name === 'port' || name === 'tap';
}

/**
 * Whether a claim can be made of what this capture shows. Losses that were counted take away what any loss takes away.
 * `shows`: frames of the capture show that the vantage keeps what the claim is about.
 */
export function carries(vantage: Vantage, claim: ClaimName, shows: boolean): boolean {
  return !isAboutLoss(claim) || (vantage.losses ?? 0) === 0 ? isKept(vantage, claim, shows) : false;
}

/**
 * Whether what was seen proves nothing. On the wire what came twice came twice, whatever else was lost on the way to the
 * capture: there a loss excuses only what is missing.
 */
export function excuses(vantage: Vantage, claim: ClaimName, shows: boolean): boolean {
  const isWire = vantage.name === null || isOnTheWire(vantage);
  return isWire && claim !== 'missing' ? false : !carries(vantage, claim, shows);
}

function isAboutLoss(claim: ClaimName): boolean {
  return MIRROR[claim] === 'counted';
}

function isKept({ name, losses }: Vantage, claim: ClaimName, shows: boolean): boolean {
  const cell: Carries = name === null ? 'yes' : VANTAGES[name].carries[claim];
  switch (cell) {
    case 'counted':
      return losses === 0;
    case 'shown':
      return shows;
    default:
      return cell === 'yes';
  }
}

/** Why a claim is not carried: for one that `carries` denies. `hint`: how to say what was lost. */
export function reasonOf({ name, losses }: Vantage, claim: ClaimName, hint = ' (--losses)'): string {
  if (claim !== 'tags' && losses !== null && losses > 0) return `its counters lost ${some(losses, 'frame')}`;
  const title = name === null ? 'not declared' : VANTAGES[name].title;
  if (name === null) return title;
  const cell: string = VANTAGES[name].carries[claim];
  if (cell === 'counted') return `${title}, of which no loss counter was read${hint}`;
  return cell === 'shown' ? `${title}, and no frame on it has a tag` : title;
}
