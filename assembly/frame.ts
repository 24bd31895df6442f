/** What the recorder (lib/judge/captures/recorder.ts) does with a frame of a capture that has nothing special about it. */
import { u16At, u32At, u8At } from './bytes';
import {
  ARP,
  bodyLength,
  bodyStart,
  classify,
  etherType,
  IPV4,
  IPV6,
  isNeighbor,
  kind,
  mayCarry,
  tagCount,
} from './classify';
import {
  fold,
  foldTags,
  hashA,
  hashB,
  hashContent,
  hashData,
  hashLoose,
  hashWay,
  looseKey,
  senderMacAt,
} from './content';
import { DATA_OTHER, DATA_TCP, DATA_UDP, ND_MALFORMED } from './kinds';
import { sortOfData } from './dataSort';
import { learnOwner, ownerOfPacket } from './owners';
import * as TABLE from './tables';

/** As in lib/judge/captures: recorder.ts, columns.ts, fields.ts, settings.ts; lib/wire/token.ts. */
const FAMILY_DATA: i32 = 2;
const FORM_SHIFT: i32 = 6;
const NEIGHBOR: i32 = 0x100;
const FROM_LEAF: i32 = 0x200;
const TO_HOST: i32 = 0x400;
const FOR_HOST: i32 = 0x800;
const SENDER_SHIFT: i32 = 12;
const SORT_NOTHING: i32 = 0;
const SORT_DATA: i32 = 2;
const DATA_BYTES: i32 = 60;
const TOKEN_BYTES: i32 = 12;
const TOKEN_MAGIC: i32 = 0x654c6631;
const ICMPV6: i32 = 58;
const TCP: i32 = 6;

/** Records that were written to the ring, a wrapping counter. */
export let head: i32 = 0;

export function setHead(to: i32): void {
  head = to;
}

/**
 * Records the frame of `length` bytes at `from`. `ns` and `offset` are its columns. False: it is left to the other
 * reader, and nothing has changed.
 */
export function takeFrame(from: i32, length: i32, isWhole: bool, ns: f64, offset: f64): bool {
  // What is no packet that is known may hide one, or carry a frame.
  if (!classify(from, length) || kind == DATA_OTHER || (kind == DATA_UDP && mayCarry())) return false;
  // Something stands between its headers.
  if (kind == DATA_TCP && etherType == IPV6 && u8At(bodyStart + 6) != TCP) return false;
  const sourceHigh = u16At(from + 6);
  const sourceLow = u32At(from + 8);
  const sender = TABLE.senderOf(sourceHigh, sourceLow);
  // Whether it is a sender's first frame is decided there.
  if (sender == 0 && TABLE.isAuto) return false;
  const isData = (load<u8>(TABLE.familiesAt + kind) as i32) == FAMILY_DATA;
  let flags = isNeighbor ? NEIGHBOR : 0;
  let isOfInterest = true;
  let isLearnt = false;
  if (TABLE.isLeaf(sourceHigh, sourceLow)) flags |= FROM_LEAF;
  else if (sender == 0 && isData && TABLE.senderOf(u16At(from), u32At(from + 2)) != 0) flags |= TO_HOST;
  else {
    if (isData) {
      const owner = ownerOfPacket();
      // What comes from another MAC than its address belongs to is recorded there.
      if (owner != 0 && owner != sender) return false;
    }
    if (sender == 0) {
      isOfInterest = isNeighbor;
      if (isNeighbor && isForHost()) flags |= FOR_HOST;
    } else if (isData) flags |= sortOfData();
    else isLearnt = isNeighbor;
  }
  if (!isOfInterest) {
    const at = TABLE.backgroundAt + (kind << 3);
    store<f64>(at, load<f64>(at) + 1);
    return true;
  }
  let end = bodyStart + bodyLength;
  if (isData && bodyLength >= DATA_BYTES) end = bodyStart + DATA_BYTES;
  else if (!isWhole && isCut()) return false;
  if (isLearnt) learnOwner(sender);
  if (sender != 0) {
    if (!TABLE.isAuto || isNeighbor) store<u8>(TABLE.spokeAt + sender, 1);
    countFields(sender);
  }
  let looks: i32 = 0;
  if (isData) {
    hashData(from, bodyStart, end, kind, etherType);
    looks = hashLoose;
  } else {
    hashContent(bodyStart - 2, end, fold(fold(kind, sourceHigh), sourceLow));
    if (isNeighbor || kind == ND_MALFORMED) looks = looseKey(bodyStart, bodyLength, etherType);
  }
  let a = isData ? hashA : foldTags(hashA, from, bodyStart);
  let b = hashB;
  // A token of a lab in the trailer is content, not padding.
  const token = from + length - TOKEN_BYTES;
  if (isWhole && token >= end && u32At(token) == TOKEN_MAGIC) {
    hashContent(token, token + TOKEN_BYTES, kind);
    a = fold(a, hashA);
    b = fold(b, hashB);
  }
  const at = head & TABLE.ringMask;
  const byFour = at << 2;
  const byEight = at << 3;
  store<f64>(TABLE.timeAt + byEight, ns);
  store<f64>(TABLE.offsetAt + byEight, offset);
  store<i32>(TABLE.keyAAt + byFour, a);
  store<i32>(TABLE.keyBAt + byFour, b);
  store<i32>(TABLE.looseAt + byFour, looks);
  const destination = isData ? hashWay : fold(fold(0, u16At(from)), u32At(from + 2));
  store<i32>(TABLE.destinationAt + byFour, destination == 0 ? 1 : destination);
  store<i32>(TABLE.metaAt + byFour, kind | (tagCount << FORM_SHIFT) | flags | (sender << SENDER_SHIFT));
  head++;
  return true;
}

/** Of a stranger's neighbor frame. */
function isForHost(): bool {
  const at = senderMacAt(bodyStart, bodyLength, etherType);
  return at >= 0 && TABLE.senderOf(u16At(at), u32At(at + 2)) != 0;
}

/** Whether bytes of the packet are missing from a frame that was not captured whole. */
function isCut(): bool {
  if (etherType == ARP) return bodyLength < 28;
  if (etherType == IPV4) return bodyLength < 20 || u16At(bodyStart + 2) > bodyLength;
  return bodyLength < 40 || 40 + u16At(bodyStart + 4) > bodyLength;
}

function addOne(at: i32): void {
  store<u32>(at, load<u32>(at) + 1);
}

/** What vantages alter: `note` of lib/judge/captures/fields.ts. */
function countFields(sender: i32): void {
  const sort = load<u8>(TABLE.sortsAt + kind) as i32;
  if (sort == SORT_NOTHING) return;
  addOne(TABLE.bySenderAt + ((sender * 4 + (sort == SORT_DATA ? 2 : 0) + (tagCount > 0 ? 1 : 0)) << 2));
  if (tagCount > 1) addOne(TABLE.sumsAt);
  const isIpv6 = etherType == IPV6;
  if ((!isIpv6 && etherType != IPV4) || bodyLength < 40) return;
  const hop = u8At(bodyStart + (isIpv6 ? 7 : 8));
  if (sort == SORT_DATA) addOne(TABLE.hopsAt + ((isIpv6 ? 256 + hop : hop) << 2));
  else if (hop == 255 && kind != ND_MALFORMED) addOne(TABLE.sumsAt + 4);
  else if (hop == 254 && kind == ND_MALFORMED && u8At(bodyStart + 6) == ICMPV6) addOne(TABLE.sumsAt + 8);
}
