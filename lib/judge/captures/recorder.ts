import { MAX_FRAME } from '../../pcap/limits.js';
import { LINK_TYPE } from '../../pcap/linkType.js';
import { createLinkView, type LinkView } from '../../pcap/linkView.js';
import type { FastReader } from '../../pcap/fastReader.js';
import type { FrameSink } from '../../pcap/types.js';
import { classify, kindCode, newClassification, type Classification } from '../../wire/classify.js';
import { locate, newEncapsulation } from '../../wire/encapsulation.js';
import { ETHERNET_HEADER } from '../../wire/ethernet.js';
import { KINDS } from '../../wire/kinds.js';
import { hidesNeighborFrame } from '../../wire/hidden.js';
import { isOutgoingTag, isPortTag, MOST_PORT_TAGS, withoutPortTag } from '../../wire/portTag.js';
import { sealedIn } from '../../wire/sealed.js';
import { readTokenSalt, TOKEN_BYTES } from '../../wire/token.js';
import {
  DISGUISED,
  FOR_HOST,
  FORM_SHIFT,
  FROM_LEAF,
  NEIGHBOR,
  SENDER_SHIFT,
  TO_HOST,
  type Columns,
} from './columns.js';
import { content, fold, foldTags, hashContent, hashData, LINK_WAY, looseKey, senderMacAt } from './content.js';
import type { HopsLess } from './alike.js';
import { sortOfData } from './dataSort.js';
import { createEchoes, type Echoes } from './echoes.js';
import { createFastReader, MOST_FAST_LEAVES, tableRoom, type FastMemory } from './fastRecorder.js';
import { createFieldCounter, type FieldCounter } from './fields.js';
import { createHopRestorer } from './hopRestorer.js';
import { createLacpdus, type Lacpdus } from './lacpdus.js';
import { mayEncapsulate } from './encapsulated.js';
import { createMacTable } from './macTable.js';
import { createMirrors, type Mirrors } from './mirrors.js';
import { createOwners } from './owners.js';
import { EVERYTHING, selectedSink, type Selected, type Selection } from './selection.js';
import { DATA_BYTES, MOST_HOSTS, PAIRING, TUNNEL_BYTES } from './settings.js';

/** Whose frames are of interest. MACs as numbers. */
export interface Interest {
  readonly hosts: readonly number[];
  /** Every unicast source is of interest: who is a host turns out later. */
  readonly isAuto: boolean;
  /** MACs of leaves and gateways, in captures of received frames only. */
  readonly leaves: readonly number[];
  /** One of the captures does not hold tags: frames are themselves without theirs, in all captures. */
  readonly isTagless?: boolean;
  /** The vantage of this capture took one off hop limits: it is put back. */
  readonly hopsLess?: HopsLess;
}

/** What a recorder knows beside the columns. */
export interface RecorderState {
  /** Seconds that times are relative to, and nanoseconds of the first frame; set by the first frame. */
  baseSeconds: number;
  /** Records written since the start. */
  head: number;
  /** Time up to which every frame has been recorded: the latest time stamp. */
  aliveNs: number;
  firstNs: number;
  frames: number;
  /** Frames that go elsewhere than the ring, by kind. */
  readonly background: Float64Array;
  /** Frames that the capturing machine sent itself (captures that are cooked, or of a switch's CPU, say so). */
  outgoing: number;
  /** Frames that hold no Ethernet, and the link type of the first one. */
  strange: number;
  strangeLink: number;
  /** Frames inside something that is not looked into, by its EtherType. */
  readonly sealed: Map<number, number>;
  /**
   * What came in packets, as mirrors do; and who spoke for itself, by sender: neighbor frames, where nobody is named.
   */
  readonly mirrors: Mirrors;
  readonly spoke: Uint8Array;
  readonly selected: Selected;
  /**
   * Frames without a tag in a format that loses tags (SLL2: libpcap 1.10 does not put back into it what the kernel took
   * off), and such with one.
   */
  untold: number;
  told: number;
  /** Frames of interest that have tags; counted where another capture has none. */
  tagged: number;
  /** What vantages alter. */
  readonly fields: FieldCounter;
  /**
   * Frames that are, or may be, one on several interfaces: SLL does not name them, and Ethernet does not say which are
   * ports.
   */
  twins: number;
  /** Of all ports that the capture heard. */
  readonly lacpdus: Lacpdus;
  /** Neighbor frames of interest, and data, that were cut too short to be compared. */
  cut: number;
  cutOffset: number;
  /** Senders that no longer fitted the table of MACs. */
  strangers: number;
  /** Greatest step backwards of the time stamps, ns, and where. */
  backwardsNs: number;
  backwardsOffset: number;
  /** Between files that one program wrote one after the other: where one ended and the next one began. */
  readonly seams: Seam[];
}

/** No frame is known of this time, ns. */
export interface Seam {
  /** Index of the file that begins behind it. */
  readonly file: number;
  readonly fromNs: number;
  readonly toNs: number;
}

/** Where tags begin in a frame. */
const ETHERTYPE = 12;
const FAMILY_NEIGHBOR = 1;
const FAMILY_DATA = 2;
const FAMILY_LINK = 3;
const LACPDU = kindCode('lacpdu');
const DATA_OTHER = kindCode('data-other');
const DATA_TCP = kindCode('data-tcp');
const TCP = 6;
const ND_MALFORMED = kindCode('nd-malformed');
const families = Uint8Array.from(KINDS, ({ family }) =>
  family === 'data' || family === 'near-miss' ? FAMILY_DATA : family === 'link-local' ? FAMILY_LINK : FAMILY_NEIGHBOR,
);
export interface Recorder {
  readonly sink: FrameSink;
  readonly state: RecorderState;
  readonly senders: () => number;
  /** MACs of senders by number - 1. */
  readonly macs: Float64Array;
  /** Number of a sender by its MAC, as two words; 0 = none. */
  readonly senderOf: (high: number, low: number) => number;
  /** Records what is plain instead of the sink, where there is memory for it. */
  readonly fast: FastReader | null;
}

/**
 * Turns frames into columns. `macs` receives the MACs of senders in the order of their numbers. `room` is called before
 * a record is written to a ring that may be full; it returns when there is room.
 */
export function createRecorder(
  columns: Columns,
  macs: Float64Array,
  interest: Interest,
  room: (head: number) => void,
  selection: Selection = EVERYTHING,
  fastMemory: FastMemory | null = null,
): Recorder {
  const { time, offset: offsets, keyA, keyB, loose, destination, meta } = columns;
  const mask = columns.capacity - 1;
  const memory = isPlain(interest, selection) ? fastMemory : null;
  const tables = tableRoom(memory);
  const table = createMacTable(MOST_HOSTS, macs, tables);
  for (const mac of interest.hosts) table.add(Math.floor(mac / 0x1_0000_0000), mac % 0x1_0000_0000);
  const leafTable = createMacTable(
    Math.max(1, interest.leaves.length),
    new Float64Array(Math.max(1, interest.leaves.length)),
    tables,
  );
  for (const mac of interest.leaves) leafTable.add(Math.floor(mac / 0x1_0000_0000), mac % 0x1_0000_0000);
  const hasLeaves = interest.leaves.length > 0;
  const owners = createOwners(tables);
  const { isAuto, isTagless = false } = interest;
  const named = interest.hosts.length;
  const envelope = newEncapsulation();
  const isHost = ({ isNeighbor, sourceHigh, sourceLow }: Classification): boolean =>
    isAuto ? isNeighbor : table.find(sourceHigh, sourceLow | 0) !== 0;
  const found = newClassification();
  let link: LinkView | null = null;
  let echoes: Echoes | null = null;
  let view: DataView = new DataView(new ArrayBuffer(0));
  let viewed: Uint8Array | null = null;
  const state: RecorderState = {
    baseSeconds: -1,
    head: 0,
    aliveNs: -Infinity,
    firstNs: Infinity,
    frames: 0,
    background: tables.numbers(KINDS.length),
    outgoing: 0,
    strange: 0,
    strangeLink: -1,
    sealed: new Map(),
    mirrors: createMirrors(),
    spoke: tables.bytes(MOST_HOSTS + 1),
    selected: { frames: 0, vlans: new Set() },
    untold: 0,
    told: 0,
    tagged: 0,
    fields: createFieldCounter(tables),
    twins: 0,
    lacpdus: createLacpdus(),
    cut: 0,
    cutOffset: -1,
    strangers: 0,
    backwardsNs: 0,
    backwardsOffset: -1,
    seams: [],
  };
  let stripped: Uint8Array | null = null;
  const restorer = interest.hopsLess === undefined ? null : createHopRestorer(interest.hopsLess);
  let isSeveral = false;
  let lastHigh = -1;
  let lastLow = 0;
  let lastSender = 0;

  /** Of a stranger's neighbor frame in `view`. */
  function isForHost(): boolean {
    const at = senderMacAt(view, found.bodyStart, found.bodyLength, found.etherType);
    return at >= 0 && table.find(view.getUint16(at), view.getInt32(at + 2)) !== 0;
  }

  /** Where the content of the data in `view` ends. */
  function endOfData(holdsFrame: boolean): number {
    const { bodyStart, bodyLength } = found;
    const end = bodyStart + bodyLength;
    if (bodyLength < DATA_BYTES) return end;
    // The headers of an overlay are the same in all its packets: its data is itself by the packet inside.
    if (holdsFrame) return Math.min(end, envelope.start + ETHERNET_HEADER + DATA_BYTES);
    return bodyStart + (isTunnel(view, found) ? Math.min(bodyLength, TUNNEL_BYTES) : DATA_BYTES);
  }

  /** The data in `view`, if it came from another MAC than its IP address belongs to. `token`: see `put`. */
  function putDisguised(sender: number, end: number, tags: number, token: number, ns: number, offset: number): void {
    const owner = owners.of(view, found.bodyStart, found.bodyLength, found.etherType);
    if (owner === 0 || owner === sender) return;
    const { sourceHigh, sourceLow } = found;
    const mac = macs[owner - 1] as number;
    found.sourceHigh = Math.floor(mac / 0x1_0000_0000);
    found.sourceLow = mac % 0x1_0000_0000;
    hashData(view, tags, end, found);
    found.sourceHigh = sourceHigh;
    found.sourceLow = sourceLow;
    content.a = fold(fold(content.a, sourceHigh), sourceLow);
    put(ns, offset, token, content.loose, wayOfData(), DISGUISED, owner);
  }

  function wayOfData(): number {
    return isTagless ? (content.isOfLink ? LINK_WAY : 0) : content.way;
  }

  /** Where the token of a lab stands in a trailer; 0 = there is none. */
  function tokenIn(bytes: Uint8Array, from: number, length: number, end: number): number {
    return from + length - end >= TOKEN_BYTES && readTokenSalt(bytes, from, length) >= 0
      ? from + length - TOKEN_BYTES
      : 0;
  }

  /** Writes a record of what was just hashed to the ring. `token`: in the trailer, where it is content, not padding. */
  function put(
    ns: number,
    offset: number,
    token: number,
    looks: number,
    way: number,
    flags: number,
    sender: number,
  ): void {
    let { a, b } = content;
    if (token > 0) {
      hashContent(view, token, token + TOKEN_BYTES, found.kind);
      a = fold(a, content.a);
      b = fold(b, content.b);
    }
    room(state.head);
    const at = state.head & mask;
    time[at] = ns;
    offsets[at] = offset;
    keyA[at] = a;
    keyB[at] = b;
    loose[at] = looks;
    destination[at] = way;
    meta[at] = found.kind | (found.tagCount << FORM_SHIFT) | flags | (sender << SENDER_SHIFT);
    state.head = (state.head + 1) | 0;
  }

  /**
   * Of a frame in a capture of several interfaces that does not say which of them are ports: the content without tags
   * was just hashed.
   */
  function isTwin(iface: number, ns: number): boolean {
    echoes ??= createEchoes();
    if (!echoes.isEcho(content.a, content.b, iface, ns)) return false;
    state.twins++;
    return true;
  }

  /** Of a frame in a cooked capture, whose content without tags was just hashed. */
  function isSeenElsewhere(linkType: number, ns: number): boolean {
    echoes ??= createEchoes();
    if (linkType === LINK_TYPE.linuxSll2) {
      if (echoes.isEcho(content.a, content.b, link?.interfaceIndex ?? 0, ns)) return true;
      if (found.tagCount > 0) state.told++;
      else state.untold++;
      return false;
    }
    if (!echoes.isTwin(content.a, content.b, ns, PAIRING.pairNs)) return false;
    state.twins++;
    return true;
  }

  const sink: FrameSink = {
    described(interfaces) {
      isSeveral = interfaces > 1;
    },
    begins(file, seconds, nanos) {
      if (state.baseSeconds < 0) return;
      state.seams.push({ file, fromNs: state.aliveNs, toNs: (seconds - state.baseSeconds) * 1e9 + nanos });
    },
    frame(bytes, start, captured, original, seconds, nanos, linkType, iface, offset) {
      if (state.baseSeconds < 0) state.baseSeconds = seconds;
      // Exact, and a double from the first frame on: an integer product would overflow after two seconds and throw
      // compiled code away.
      const ns = (seconds - state.baseSeconds + 0.25) * 1e9 + (nanos - 250_000_000);
      state.frames++;
      if (ns >= state.aliveNs) {
        // Once its clock was set back, when a frame came is not known: the capture is alive up to there.
        if (state.backwardsNs > PAIRING.pairNs) return;
        state.aliveNs = ns;
      } else if (state.aliveNs - ns > state.backwardsNs) {
        state.backwardsNs = state.aliveNs - ns;
        state.backwardsOffset = offset;
      }
      if (state.backwardsNs > PAIRING.pairNs) return;
      if (ns < state.firstNs) state.firstNs = ns;
      let from = start;
      let length = captured;
      let whole = captured >= original;
      let source = bytes;
      let isCooked = false;
      if (linkType !== LINK_TYPE.ethernet) {
        link ??= createLinkView();
        if (!link.convert(bytes, start, captured, original, linkType)) {
          if (state.strange++ === 0) state.strangeLink = linkType;
          return;
        }
        if (link.isOutgoing) {
          state.outgoing++;
          return;
        }
        isCooked = link.isCooked;
        source = link.bytes;
        from = 0;
        length = link.captured;
        whole = length >= link.original;
      }
      let kind = classify(source, from, length, found);
      if (kind === DATA_OTHER) {
        for (let tags = 0; isPortTag(found.etherType) && tags < MOST_PORT_TAGS; tags++) {
          if (isOutgoingTag(source, found.bodyStart - 2, from + length)) {
            state.outgoing++;
            return;
          }
          stripped ??= new Uint8Array(MAX_FRAME);
          const left = withoutPortTag(source, from, length, found.bodyStart - 2, stripped);
          if (left === 0) break;
          source = stripped;
          from = 0;
          length = left;
          kind = classify(source, from, length, found);
        }
        if (
          sealedIn(found.etherType) !== null ||
          ((isAuto || table.find(found.sourceHigh, found.sourceLow | 0) !== 0) &&
            hidesNeighborFrame(source, found.bodyStart, found.bodyStart + found.bodyLength))
        ) {
          state.sealed.set(found.etherType, (state.sealed.get(found.etherType) ?? 0) + 1);
          return;
        }
      }
      let added = 0;
      if (restorer?.restore(source, from, length, found) === true) {
        source = restorer.bytes;
        from = 0;
        kind = classify(source, from, length, found);
        added = 1;
      }
      // One view per chunk: asking an array for its buffer costs as much as hashing a frame.
      if (viewed !== source) {
        viewed = source;
        view = new DataView(source.buffer, source.byteOffset, source.length);
      }
      if (kind === LACPDU)
        state.lacpdus.note(view, found.bodyStart, found.bodyLength, found.sourceHigh, found.sourceLow);
      const family = kind === DATA_OTHER && isOfPort(found) ? FAMILY_LINK : (families[kind] as number);
      const { sourceHigh, bodyStart } = found;
      const sourceLow = found.sourceLow | 0;
      let sender: number;
      if (sourceLow === lastLow && sourceHigh === lastHigh) sender = lastSender;
      else {
        sender = table.find(sourceHigh, sourceLow);
        // The lowest bit of the first byte makes a group, which sends nothing.
        if (sender === 0 && isAuto && family !== FAMILY_LINK && (sourceHigh & 0x0100) === 0) {
          sender = table.add(sourceHigh, sourceLow);
          if (sender === 0) state.strangers++;
        }
        // A port's own protocols make nobody a sender, and the same MAC may be one with its next frame.
        if (sender !== 0 || family !== FAMILY_LINK) {
          lastHigh = sourceHigh;
          lastLow = sourceLow;
          lastSender = sender;
        }
      }
      let holdsFrame = false;
      if (mayEncapsulate(kind)) {
        holdsFrame = locate(source, found, envelope) === 'inside';
        if ((sender === 0 || sender > named) && selection.by === 'everything')
          state.mirrors.peel(source, view, found, isHost);
      }
      if (sender !== 0) {
        if (!isAuto || found.isNeighbor) state.spoke[sender] = 1;
        state.fields.note(source, found, sender, added);
      }
      let flags = found.isNeighbor ? NEIGHBOR : 0;
      const isEcho = isCooked || isSeveral;
      const isData = family === FAMILY_DATA;
      const isEnough = isData && found.bodyLength >= DATA_BYTES;
      const end = isData ? endOfData(holdsFrame) : bodyStart + found.bodyLength;
      const tags = isTagless ? bodyStart : from + ETHERTYPE;
      const token = whole ? tokenIn(source, from, length, end) : 0;
      if (hasLeaves && leafTable.find(sourceHigh, sourceLow) !== 0) flags |= FROM_LEAF;
      else if (sender === 0 && isData && table.find(found.destinationHigh, found.destinationLow) !== 0)
        flags |= TO_HOST;
      else {
        if (isData && !isEcho && (whole || isEnough)) putDisguised(sender, end, tags, token, ns, offset);
        if (sender === 0) {
          if (!found.isNeighbor) {
            state.background[kind] = (state.background[kind] as number) + 1;
            return;
          }
          if (isForHost()) flags |= FOR_HOST;
        } else if (isData) flags |= sortOfData(view, found);
        else if (found.isNeighbor) owners.learn(view, bodyStart, found.bodyLength, found.etherType, sender);
        else if (family === FAMILY_LINK) {
          state.background[kind] = (state.background[kind] as number) + 1;
          return;
        }
      }
      // What makes a frame itself: source, tags, type and packet; only the first hash knows the tags. Trailers (padding, check sequences, stamps of
      // aggregation switches) differ by leaf.
      if (!whole && !isEnough && isCut(source, bodyStart, found.bodyLength, found.etherType)) {
        if (state.cut++ === 0) state.cutOffset = offset;
      }
      let looks = 0;
      if (isEcho || !isData) hashContent(view, bodyStart - 2, end, fold(fold(kind, sourceHigh), sourceLow));
      // What was seen twice is no frame of its own, which other leaves would miss.
      if (isEcho && (isCooked ? isSeenElsewhere(linkType, ns) : isTwin(iface, ns))) return;
      if ((isCooked || isTagless) && found.tagCount > 0 && sender !== 0) state.tagged++;
      if (isData) {
        hashData(view, tags, end, found);
        looks = content.loose;
      } else {
        content.a = foldTags(content.a, view, tags, bodyStart);
        if (found.isNeighbor || kind === ND_MALFORMED)
          looks = looseKey(view, bodyStart, found.bodyLength, found.etherType);
      }
      let way = 0;
      if (!isCooked) way = isData ? wayOfData() : fold(fold(0, found.destinationHigh), found.destinationLow) || 1;
      put(ns, offset, token, looks, way, flags, sender);
    },
  };

  return {
    sink: selectedSink(selection, sink, state.mirrors, isHost, state.selected),
    state,
    senders: () => table.size(),
    macs,
    senderOf: (high, low) => table.find(high, low | 0),
    fast:
      memory === null
        ? null
        : createFastReader(
            memory,
            tables,
            state,
            {
              columns,
              senders: table,
              leaves: hasLeaves ? leafTable : null,
              fields: state.fields.tables,
              families,
              isAuto,
              owners: owners.tables,
            },
            () => !isSeveral,
          ),
  };
}

/**
 * Whether no bridge forwards it, for its destination (IEEE 802.1Q 8.6.3): slow protocols (SyncE, OAM), 802.1X, flow
 * control and delays of PTP are said on each leg for itself. A spanning tree's is said once, by the host's bridge.
 */
function isOfPort({ destinationHigh, destinationLow }: Classification): boolean {
  return destinationHigh === 0x0180 && destinationLow > 0xc2000000 && destinationLow <= 0xc200000f;
}

/** Whether a packet of data may hold another one, or has something else between its headers. */
function isTunnel(view: DataView, { kind, etherType, bodyStart }: Classification): boolean {
  return (
    (kind === DATA_OTHER && (etherType === 0x0800 || etherType === 0x86dd)) ||
    (kind === DATA_TCP && etherType === 0x86dd && view.getUint8(bodyStart + 6) !== TCP)
  );
}

/** Whether frames are recorded as they stand in the capture. */
function isPlain({ leaves, isTagless, hopsLess }: Interest, { by }: Selection): boolean {
  const isWhole = by === 'everything' || by === 'port';
  return isWhole && isTagless !== true && hopsLess === undefined && leaves.length <= MOST_FAST_LEAVES;
}

/** Whether bytes of the packet, not of the trailer, are missing from a frame that was not captured whole. */
function isCut(bytes: Uint8Array, body: number, length: number, etherType: number): boolean {
  if (etherType === 0x0806 || etherType === 0x8035) return length < 28;
  const said = (at: number): number => ((bytes[body + at] as number) << 8) | (bytes[body + at + 1] as number);
  if (etherType === 0x0800) return length < 20 || said(2) > length;
  if (etherType === 0x86dd) return length < 40 || 40 + said(4) > length;
  return true;
}
