import { classify, kindCode, newClassification, type Classification } from '../../wire/classify.js';
import { ENCAPSULATIONS, locate, newEncapsulation, type Encapsulation } from '../../wire/encapsulation.js';
import { hex } from '../../wire/bytes.js';
import { content, fold, hashContent } from './content.js';
import { createSequence, type Sequence } from './sequence.js';

/** What one exporter sends to one collector under one number, as it turned out. */
export interface MirrorSession {
  readonly key: number;
  /** Index in ENCAPSULATIONS. */
  readonly type: number;
  /** Outer IP addresses, their bytes as hex. */
  readonly source: string;
  readonly destination: string;
  /** -1 = none. */
  readonly id: number;
  readonly frames: number;
  /** Of those: a host's own; such as a port sends to its neighbor only, which no overlay carries. */
  readonly ofHosts: number;
  readonly linkLocal: number;
  /** First IP fragments of packets that were too long for the way. */
  readonly fragments: number;
  /** Encapsulated again, more often than is looked into. */
  readonly deep: number;
  /** With frames of hosts in a further encapsulation, which is not looked into. */
  readonly hiding: number;
  /** Sequence numbers that never came; null = it has none that tell. */
  readonly lost: number | null;
  readonly restarts: number;
  /** Packets that the way to the collector doubled, and that were left out. */
  readonly doubled: number;
  /** MAC of the first outer source, as two words. */
  readonly macHigh: number;
  readonly macLow: number;
}

/** A session while its packets still come. */
export interface OpenSession {
  readonly key: number;
  readonly type: number;
  readonly source: string;
  readonly destination: string;
  readonly id: number;
  frames: number;
  ofHosts: number;
  linkLocal: number;
  fragments: number;
  deep: number;
  hiding: number;
  doubled: number;
  readonly sequence: Sequence;
  /** Of the exporter over all its sessions: some count over all of them. */
  readonly shared: Sequence;
  readonly macHigh: number;
  readonly macLow: number;
}

/** Takes mirrored frames out of their packets. */
export interface Mirrors {
  /** The frame inside, after `peel` found one. */
  readonly inner: Encapsulation;
  readonly kindOfInner: Classification;
  /** What `peel` found came before: the way to the collector doubled the packet. */
  isRepeat: boolean;
  /**
   * Looks into a classified frame; null = nothing is in it. The frame is counted for its session; `isHost` says whose
   * frames are of interest.
   */
  peel(
    bytes: Uint8Array,
    view: DataView,
    frame: Classification,
    isHost: (inner: Classification) => boolean,
  ): OpenSession | null;
  sessions(): readonly MirrorSession[];
  /** Later IP fragments of GRE. */
  fragments(): number;
}

/** Sessions of one capture that are kept apart; packets of others are left alone. */
const MOST_SESSIONS = 256;
/** Encapsulations within each other that are looked through. */
const MOST_LAYERS = 4;
const LINK_LOCAL: ReadonlySet<number> = new Set([kindCode('lacpdu'), kindCode('lldp')]);

export function createMirrors(): Mirrors {
  const sessions = new Map<number, OpenSession>();
  const shared = new Map<number, Sequence>();
  const inner = newEncapsulation();
  const kindOfInner = newClassification();
  const deeper = newEncapsulation();
  const kindOfDeeper = newClassification();
  let fragments = 0;
  let isDeep = false;
  let hides = false;

  function sessionOf(bytes: Uint8Array, view: DataView, frame: Classification): OpenSession | null {
    const { addressAt, addressBytes, type, id } = inner;
    hashContent(view, addressAt, addressAt + 2 * addressBytes, type);
    const way = number(content.a, content.b);
    const key = number(fold(content.a, id), fold(content.b, id));
    const known = sessions.get(key);
    if (known !== undefined) return known;
    if (sessions.size === MOST_SESSIONS) return null;
    let whole = shared.get(way);
    if (whole === undefined) shared.set(way, (whole = createSequence()));
    const address = (at: number): string => hex(bytes.subarray(at, at + addressBytes));
    const session: OpenSession = {
      key,
      type,
      source: address(addressAt),
      destination: address(addressAt + addressBytes),
      id,
      frames: 0,
      ofHosts: 0,
      linkLocal: 0,
      fragments: 0,
      deep: 0,
      hiding: 0,
      doubled: 0,
      sequence: createSequence(),
      shared: whole,
      macHigh: frame.sourceHigh,
      macLow: frame.sourceLow,
    };
    sessions.set(key, session);
    return session;
  }

  /**
   * What counts is a mirror inside overlays, or inside other mirrors, and not what carries it; but what a host itself
   * sends is its data. `hides`: frames of hosts are further in.
   */
  function innermost(bytes: Uint8Array, isHost: (inner: Classification) => boolean): void {
    let from = kindOfInner;
    isDeep = hides = false;
    let isFound = ENCAPSULATIONS[inner.type]?.isMirror === true;
    let isOver = isFound && isHost(kindOfInner);
    for (let layers = 1; locate(bytes, from, deeper) === 'inside'; layers++) {
      if (layers === MOST_LAYERS) {
        isDeep = true;
        return;
      }
      const isMirror = ENCAPSULATIONS[deeper.type]?.isMirror === true;
      if (isFound && !isMirror) isOver = true;
      classify(bytes, deeper.start, deeper.end - deeper.start, kindOfDeeper);
      if (isMirror && !isOver) {
        isFound = true;
        Object.assign(inner, deeper);
        Object.assign(kindOfInner, kindOfDeeper);
        isOver = isHost(kindOfInner);
        from = kindOfInner;
      } else {
        from = kindOfDeeper;
        if (isHost(kindOfDeeper)) hides = true;
      }
    }
  }

  const mirrors: Mirrors = {
    inner,
    kindOfInner,
    isRepeat: false,
    peel(bytes, view, frame, isHost) {
      const located = locate(bytes, frame, inner);
      if (located === 'nothing') return null;
      if (located === 'fragment') {
        fragments++;
        return null;
      }
      classify(bytes, inner.start, inner.end - inner.start, kindOfInner);
      innermost(bytes, isHost);
      const session = sessionOf(bytes, view, frame);
      if (session === null) return null;
      mirrors.isRepeat = false;
      if (inner.sequence >= 0) {
        hashContent(view, inner.start, inner.end, 0);
        const { a } = content;
        mirrors.isRepeat = session.sequence.note(inner.sequence, a);
        if (mirrors.isRepeat) session.doubled++;
        else session.shared.note(inner.sequence, a);
      }
      session.frames++;
      if (isDeep) session.deep++;
      if (hides) session.hiding++;
      if (inner.isFragment) session.fragments++;
      if (LINK_LOCAL.has(kindOfInner.kind)) session.linkLocal++;
      else if (isHost(kindOfInner)) session.ofHosts++;
      return session;
    },
    sessions: () =>
      [...sessions.values()].map(({ sequence, shared: whole, ...session }) => summary(session, sequence, whole)),
    fragments: () => fragments,
  };
  return mirrors;
}

function summary(session: Omit<OpenSession, 'sequence' | 'shared'>, own: Sequence, whole: Sequence): MirrorSession {
  const [lost, lostOfAll] = [own.lost(), whole.lost()];
  return {
    ...session,
    lost: lost === null ? null : Math.min(lost, lostOfAll ?? Infinity),
    restarts: own.restarts(),
  };
}

/** 53 bits of two hashes. */
function number(a: number, b: number): number {
  return (a & 0x1fffff) * 0x1_0000_0000 + (b >>> 0);
}
