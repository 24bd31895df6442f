/**
 * Puts frames to their copies, and counts those that are as they should be, as lib/judge/captures/intake.ts and closing.ts
 * do, whose comments give the reasons, on the same columns and tables. What needs more than counting it leaves to them,
 * before it has changed anything.
 */

/** In lib/judge/captures/fastMatching.ts: `MatcherCalls`. */
declare function noteExtra(place: i32, leaf: i32, ns: f64, offset: f64): void;
declare function numberOf(leaf: i32, own: i32): i32;
declare function closeOldest(): void;
declare function makeRoom(): void;
declare function expireOrphans(before: f64): void;
declare function correct(leaf: i32, ns: f64): void;

/** As in lib/judge/captures: columns.ts, entries.ts, fastMatcher.ts; and what a row of `leavesAt` holds. */
const KIND_BITS: i32 = 0x3f;
const FORM_SHIFT: i32 = 6;
const FORM_BITS: i32 = 3;
const NEIGHBOR: i32 = 0x100;
const FROM_LEAF: i32 = 0x200;
const DISGUISED: i32 = 0xc00;
const SENDER_SHIFT: i32 = 12;
const SEVERAL: i32 = 1;
const OTHER_DESTINATION: i32 = 2;
const REPLICATED: i32 = 1;
const SINGLE: i32 = 2;
const ROW: i32 = 52;
const ONCE_HELD: i32 = 2;
const ONCE_AGAIN: i32 = 4;
const ONCE_LATER: i32 = 48;
const LEAST_LATER: i32 = 16;
const WAYS: i32 = 4;

let leavesAt: i32 = 0;
let turnsAt: i32 = 0;
let oldestAt: i32 = 0;
let newestAt: i32 = 0;
let isReadyAt: i32 = 0;
let portsOpenAt: i32 = 0;
let orphansWaitAt: i32 = 0;
let dutiesAt: i32 = 0;
let tellingAt: i32 = 0;
let reflectedAt: i32 = 0;
let sumsAt: i32 = 0;
let mostSenders: i32 = 0;
let skewsAt: i32 = 0;
let skewTotalsAt: i32 = 0;
let arrivalsAt: i32 = 0;
let arrivedAt: i32 = 0;
let wholesAt: i32 = 0;
let mostArrivals: i32 = 0;
let encoreA: i32 = 0;
let encoreB: i32 = 0;
let encoreWhere: i32 = 0;
let encoreWhen: i32 = 0;
let encoreMask: i32 = 0;
let onceA: i32 = 0;
let onceB: i32 = 0;
let onceWhere: i32 = 0;
let onceWhen: i32 = 0;
let onceMask: i32 = 0;
let onceOffsets: i32 = 0;
let onceCopied: i32 = 0;
let onceExact: i32 = 0;
let onceTo: i32 = 0;
let againA: i32 = 0;
let againB: i32 = 0;
let againDestination: i32 = 0;
let againWho: i32 = 0;
let againWhen: i32 = 0;
let againMask: i32 = 0;
let observeFromAt: i32 = 0;
let leaves: i32 = 0;
let reference: i32 = 0;
let block: i32 = 0;
let blockLeast: i32 = 0;

let crossNs: f64 = 0;
let repeatNs: f64 = 0;
let encoreNs: f64 = 0;
let pairNs: f64 = 0;
let fromNs: f64 = 0;
let maxSkewNs: f64 = 0;
let sliceNs: f64 = 0;
let observeNs: f64 = 0;
let blockNs: f64 = 0;
let lateNs: f64 = 0;

/** Takes the addresses above, in that order, from a list of i32, and the limits from a list of f64. */
export function useTables(list: i32, limits: i32): void {
  leavesAt = load<i32>(list, 0);
  oldestAt = load<i32>(list, 4);
  newestAt = oldestAt + 4;
  isReadyAt = load<i32>(list, 8);
  portsOpenAt = isReadyAt + 4;
  orphansWaitAt = isReadyAt + 8;
  dutiesAt = load<i32>(list, 12);
  tellingAt = load<i32>(list, 16);
  reflectedAt = load<i32>(list, 20);
  sumsAt = load<i32>(list, 24);
  mostSenders = load<i32>(list, 28);
  skewsAt = load<i32>(list, 32);
  skewTotalsAt = load<i32>(list, 36);
  arrivalsAt = load<i32>(list, 40);
  arrivedAt = load<i32>(list, 44);
  wholesAt = load<i32>(list, 48);
  mostArrivals = load<i32>(list, 52);
  encoreA = load<i32>(list, 56);
  encoreB = load<i32>(list, 60);
  encoreWhere = load<i32>(list, 64);
  encoreWhen = load<i32>(list, 68);
  encoreMask = load<i32>(list, 72) / WAYS - 1;
  onceA = load<i32>(list, 76);
  onceB = load<i32>(list, 80);
  onceWhere = load<i32>(list, 84);
  onceWhen = load<i32>(list, 88);
  onceMask = load<i32>(list, 92) / WAYS - 1;
  onceOffsets = load<i32>(list, 96);
  onceCopied = load<i32>(list, 100);
  observeFromAt = load<i32>(list, 104);
  leaves = load<i32>(list, 108);
  turnsAt = load<i32>(list, 112);
  reference = load<i32>(list, 116);
  block = load<i32>(list, 120);
  blockLeast = load<i32>(list, 124);
  onceExact = load<i32>(list, 128);
  againA = load<i32>(list, 132);
  againB = load<i32>(list, 136);
  againDestination = load<i32>(list, 140);
  againWho = load<i32>(list, 144);
  againWhen = load<i32>(list, 148);
  againMask = load<i32>(list, 152) - 1;
  onceTo = load<i32>(list, 156);
  crossNs = load<f64>(limits, 0);
  repeatNs = load<f64>(limits, 8);
  encoreNs = load<f64>(limits, 16);
  pairNs = load<f64>(limits, 24);
  fromNs = load<f64>(limits, 32);
  maxSkewNs = load<f64>(limits, 40);
  sliceNs = load<f64>(limits, 48);
  observeNs = load<f64>(limits, 56);
  blockNs = load<f64>(limits, 64);
  lateNs = load<f64>(limits, 72);
}

/** Columns of open entries (lib/judge/captures/entries.ts), and their number less one. */
let keyA: i32 = 0;
let keyB: i32 = 0;
let loose: i32 = 0;
let meta: i32 = 0;
let destination: i32 = 0;
let opened: i32 = 0;
let first: i32 = 0;
let last: i32 = 0;
let distinct: i32 = 0;
let flags: i32 = 0;
let copies: i32 = 0;
let times: i32 = 0;
let offsets: i32 = 0;
let latest: i32 = 0;
let next: i32 = 0;
let heads: i32 = 0;
let ring: i32 = 0;

/** Takes the addresses above, in that order, from a list of i32. */
export function useEntries(list: i32, capacity: i32): void {
  keyA = load<i32>(list, 0);
  keyB = load<i32>(list, 4);
  loose = load<i32>(list, 8);
  meta = load<i32>(list, 12);
  destination = load<i32>(list, 16);
  opened = load<i32>(list, 20);
  first = load<i32>(list, 24);
  last = load<i32>(list, 28);
  distinct = load<i32>(list, 32);
  flags = load<i32>(list, 36);
  copies = load<i32>(list, 40);
  times = load<i32>(list, 44);
  offsets = load<i32>(list, 48);
  latest = load<i32>(list, 52);
  next = load<i32>(list, 56);
  heads = load<i32>(list, 60);
  ring = capacity - 1;
}

/**
 * Takes in and closes slice by slice, up to a corrected time that every capture has reached. Returns where a slice ends
 * that the other matcher has to finish, as entries became more than this memory holds; else infinity.
 */
export function run(last: f64): f64 {
  for (let slice = nextSlice(); slice <= last; slice = nextSlice()) if (!step(slice)) return slice;
  return Infinity;
}

/** End of the slice that holds the earliest record. */
function nextSlice(): f64 {
  return (floor<f64>(earliest() / sliceNs) + 1) * sliceNs;
}

/** Corrected time of the earliest record in front of a ring. */
function earliest(): f64 {
  let least: f64 = Infinity;
  for (let leaf: i32 = 0; leaf < leaves; leaf++) {
    const tail = load<i32>(turnsAt + (leaf << 3));
    if (tail == load<i32>(turnsAt + (leaf << 3), 4)) continue;
    const row = leavesAt + leaf * ROW;
    const ns = corrected(load<i32>(row, 36), load<f64>(load<i32>(row) + ((tail & load<i32>(row, 28)) << 3)));
    if (ns < least) least = ns;
  }
  return least;
}

/** By the line of a clock: `add`, `rate` and `at` (lib/judge/captures/leafClock.ts). */
function corrected(line: i32, own: f64): f64 {
  return own + load<f64>(line) + load<f64>(line, 8) * (own - load<f64>(line, 16));
}

/** One slice; false where the other matcher has to go on with it. */
export function step(until: f64): bool {
  for (let leaf: i32 = 0; leaf < leaves; leaf++) {
    while (!take(leaf, until)) {
      makeRoom();
      if (load<i32>(isReadyAt) == 0) return false;
    }
  }
  const before = until - crossNs - sliceNs;
  expire(before);
  if (load<i32>(orphansWaitAt) != 0) expireOrphans(before);
  return true;
}

/** Takes records of a leaf's ring up to a corrected time; false where there is no room for more entries. */
function take(leaf: i32, until: f64): bool {
  const row = leavesAt + leaf * ROW;
  const turn = turnsAt + (leaf << 3);
  const head = load<i32>(turn, 4);
  let tail = load<i32>(turn);
  if (tail == head) return true;
  const timeAt = load<i32>(row, 0);
  const offsetAt = load<i32>(row, 4);
  const keyAAt = load<i32>(row, 8);
  const keyBAt = load<i32>(row, 12);
  const destinationAt = load<i32>(row, 20);
  const metaAt = load<i32>(row, 24);
  const mask = load<i32>(row, 28);
  const line = load<i32>(row, 36);
  const add = load<f64>(line);
  const rate = load<f64>(line, 8);
  const pivot = load<f64>(line, 16);
  let hasRoom = true;
  const buckets = ring * 2 + 1;
  for (; tail != head; tail++) {
    const at = tail & mask;
    const own = load<f64>(timeAt + (at << 3));
    const ns = own + add + rate * (own - pivot);
    if (ns > until) break;
    const a = load<i32>(keyAAt + (at << 2));
    const b = load<i32>(keyBAt + (at << 2));
    const info = load<i32>(metaAt + (at << 2));
    if ((info & FROM_LEAF) != 0) {
      if (ns >= fromNs) addOne(reflectedAt + (((info & KIND_BITS) * leaves + leaf) << 3));
      continue;
    }
    const offset = load<f64>(offsetAt + (at << 3));
    const other = load<i32>(destinationAt + (at << 2));
    let entry = load<i32>(heads + ((a & buckets) << 2));
    for (; entry >= 0; entry = load<i32>(next + (entry << 2)))
      if (load<i32>(keyA + (entry << 2)) == a && load<i32>(keyB + (entry << 2)) == b)
        if (isCopy(entry, leaf, ns, offset, other, info)) break;
    if (entry >= 0) continue;
    const newest = load<i32>(newestAt);
    if (newest - load<i32>(oldestAt) > ring) {
      hasRoom = false;
      break;
    }
    store<i32>(newestAt, newest + 1);
    open(newest & ring, row, at, leaf, ns, offset);
  }
  store<i32>(turn, tail);
  return hasRoom;
}

/** Whether a frame is a copy of the open entry, which has its content; counts it then. */
function isCopy(entry: i32, leaf: i32, ns: f64, offset: f64, other: i32, info: i32): bool {
  const gap = ns - load<f64>(opened + (entry << 3));
  if (gap > crossNs || gap < -crossNs) return false;
  const cell = entry * leaves + leaf;
  const seen = load<u8>(copies + cell) as i32;
  if (seen == 0) {
    store<u8>(copies + cell, 1);
    store<f64>(times + (cell << 3), ns);
    store<f64>(offsets + (cell << 3), offset);
    store<u8>(distinct + entry, load<u8>(distinct + entry) + 1);
    const own = load<i32>(destination + (entry << 2));
    if (own != other && other != 0 && own != 0) setFlag(entry, OTHER_DESTINATION);
  } else {
    // Its sender's own repeat is a frame of its own.
    if ((load<u8>(dutiesAt + (info & 0xff)) as i32) != REPLICATED) return false;
    if (!(ns - load<f64>(latest + (cell << 3)) <= repeatNs)) return false;
    if (seen < 255) store<u8>(copies + cell, seen + 1);
    setFlag(entry, SEVERAL);
    noteExtra(entry, leaf, ns, offset);
  }
  store<f64>(latest + (cell << 3), ns);
  const at = entry << 3;
  if (ns < load<f64>(first + at)) store<f64>(first + at, ns);
  if (ns > load<f64>(last + at)) store<f64>(last + at, ns);
  return true;
}

function setFlag(entry: i32, flag: i32): void {
  store<u8>(flags + entry, (load<u8>(flags + entry) as i32) | flag);
}

/** Opens an entry with the record at `at` of a leaf's ring. */
function open(place: i32, row: i32, at: i32, leaf: i32, ns: f64, offset: f64): void {
  const byFour = at << 2;
  const four = place << 2;
  const eight = place << 3;
  const a = load<i32>(load<i32>(row, 8) + byFour);
  const info = load<i32>(load<i32>(row, 24) + byFour);
  store<i32>(keyA + four, a);
  store<i32>(keyB + four, load<i32>(load<i32>(row, 12) + byFour));
  store<i32>(loose + four, load<i32>(load<i32>(row, 16) + byFour));
  store<i32>(destination + four, load<i32>(load<i32>(row, 20) + byFour));
  const own = info >>> SENDER_SHIFT;
  store<i32>(meta + four, (info & 0xfff) | (own == 0 ? 0 : senderOf(row, leaf, own) << SENDER_SHIFT));
  store<f64>(opened + eight, ns);
  store<f64>(first + eight, ns);
  store<f64>(last + eight, ns);
  store<u8>(distinct + place, 1);
  store<u8>(flags + place, 0);
  const from = place * leaves;
  for (let cell = from; cell < from + leaves; cell++) store<u8>(copies + cell, 0);
  const cell = from + leaf;
  store<u8>(copies + cell, 1);
  store<f64>(times + (cell << 3), ns);
  store<f64>(latest + (cell << 3), ns);
  store<f64>(offsets + (cell << 3), offset);
  const bucket = heads + ((a & (ring * 2 + 1)) << 2);
  store<i32>(next + four, load<i32>(bucket));
  store<i32>(bucket, place);
}

function senderOf(row: i32, leaf: i32, own: i32): i32 {
  const known = load<i32>(load<i32>(row, 32) + (own << 2));
  return known != 0 ? known : numberOf(leaf, own);
}

/** Closes entries that were opened before a corrected time, the oldest first. */
export function expire(before: f64): void {
  for (;;) {
    const oldest = load<i32>(oldestAt);
    if (oldest == load<i32>(newestAt)) return;
    const place = oldest & ring;
    if (!(load<f64>(opened + (place << 3)) < before)) return;
    if (isPlain(place)) {
      store<i32>(oldestAt, oldest + 1);
      unlink(place);
    } else closeOldest();
  }
}

/** Whether an entry is as it should be and in the judged time, and nobody needs to look at it; counts it then. */
function isPlain(place: i32): bool {
  if (load<i32>(portsOpenAt) != 0 || load<u8>(flags + place) != 0) return false;
  const info = load<i32>(meta + (place << 2));
  const sender = info >>> SENDER_SHIFT;
  if (sender == 0 || sender >= mostSenders || (info & DISGUISED) == DISGUISED) return false;
  const sums = load<i32>(sumsAt + (sender << 2));
  const ns = load<f64>(first + (place << 3));
  if (sums == 0 || !(ns >= fromNs)) return false;
  const kind = info & KIND_BITS;
  const slot = (kind * 3 + ((info >>> FORM_SHIFT) & FORM_BITS)) * (leaves + 1);
  const duty = load<u8>(dutiesAt + (info & 0xff)) as i32;
  const seen = load<u8>(distinct + place) as i32;
  if (seen == leaves && duty == REPLICATED) {
    if (!isWhole(place, kind, ns, info)) return false;
    addOne(sums + ((slot + leaves) << 3));
    return true;
  }
  if (seen != 1 || duty != SINGLE) return false;
  let leaf: i32 = 0;
  while (load<u8>(copies + place * leaves + leaf) == 0) leaf++;
  if (!isOnce(place, leaf)) return false;
  addOne(sums + ((slot + leaf) << 3));
  return true;
}

/** A frame that every leaf had once; false where its content came shortly before, be it with other tags. */
function isWhole(place: i32, kind: i32, ns: f64, info: i32): bool {
  const skew = rounded(load<f64>(last + (place << 3)) - ns);
  if (skew > maxSkewNs || !(skew < 1_073_741_824.0)) return false;
  const a = load<i32>(keyA + (place << 2));
  const b = load<i32>(keyB + (place << 2));
  const who = ((info >>> SENDER_SHIFT) << 7) | (kind << 1) | 1;
  const like = load<i32>(loose + (place << 2));
  const to = load<i32>(destination + (place << 2));
  // Link-local addresses are the same in every VLAN.
  const canTell = (info & NEIGHBOR) != 0 && (like & 3) == 1 && to != 0;
  const slot = b & againMask;
  if (canTell && isRetagged(slot, a, b, to, who, ns)) return false;
  const set = (a & encoreMask) * WAYS;
  let known = find(encoreA, encoreB, set, a, b);
  let seconds: f64 = 1;
  if (known >= 0) {
    const after = ns - load<f64>(encoreWhen + (known << 3));
    if (after < encoreNs && load<u8>(tellingAt + kind) != 0) return false;
    if (after <= pairNs) seconds = load<f64>(encoreWhere + (known << 3)) + 1;
  } else known = oldestOf(encoreWhen, set);
  if (ns >= load<f64>(observeFromAt)) {
    store<f64>(observeFromAt, ns + observeNs);
    observe(place);
  }
  store<i32>(encoreA + (known << 2), a);
  store<i32>(encoreB + (known << 2), b);
  store<f64>(encoreWhere + (known << 3), seconds);
  store<f64>(encoreWhen + (known << 3), ns);
  if (canTell) {
    store<i32>(againA + (slot << 2), a);
    store<i32>(againB + (slot << 2), b);
    store<i32>(againDestination + (slot << 2), to);
    store<i32>(againWho + (slot << 2), who);
    store<f64>(againWhen + (slot << 3), ns);
  }
  const arrived = load<i32>(arrivedAt);
  if (arrived < mostArrivals) store<f64>(arrivalsAt + (arrived << 3), ns);
  if (arrived <= mostArrivals) store<i32>(arrivedAt, arrived + 1);
  addOne(wholesAt);
  addOne(skewsAt + (bucketOf(skew as i32) << 3));
  addOne(skewTotalsAt);
  if (skew > load<f64>(skewTotalsAt, 8)) store<f64>(skewTotalsAt, skew, 8);
  return true;
}

/** As `note` of lib/judge/captures/retagged.ts. */
function isRetagged(slot: i32, a: i32, b: i32, to: i32, who: i32, ns: f64): bool {
  const four = slot << 2;
  if (load<i32>(againB + four) != b || load<i32>(againA + four) == a) return false;
  if (load<i32>(againDestination + four) != to || (load<i32>(againWho + four) | 1) != who) return false;
  return abs<f64>(ns - load<f64>(againWhen + (slot << 3))) <= pairNs;
}

/** What each clock says of a frame that every leaf saw: `observe` of lib/judge/captures/leafClock.ts. */
function observe(place: i32): void {
  const from = times + ((place * leaves) << 3);
  const ns = load<f64>(from + (reference << 3));
  for (let leaf: i32 = 0; leaf < leaves; leaf++) {
    const row = leavesAt + leaf * ROW;
    const residuals = load<i32>(row, 40);
    if (leaf == reference || residuals == 0) continue;
    const countAt = load<i32>(row, 44);
    const sinceAt = load<i32>(row, 48);
    const count = load<i32>(countAt);
    if (count == 0) store<f64>(sinceAt, ns);
    store<f64>(residuals + (count << 3), load<f64>(from + (leaf << 3)) - ns);
    store<i32>(countAt, count + 1);
    if (count + 1 >= block || (ns - load<f64>(sinceAt) >= blockNs && count + 1 >= blockLeast)) correct(leaf, ns);
  }
}

/** A frame that one leaf alone had; false where another one had its content, altered or not, shortly before or after. */
function isOnce(place: i32, leaf: i32): bool {
  const four = place << 2;
  const exact = load<i32>(keyA + four);
  let a = load<i32>(loose + four);
  if (a == 0) a = exact;
  const b = load<i32>(keyB + four);
  const cell = (place * leaves + leaf) << 3;
  const ns = load<f64>(times + cell);
  const set = (a & onceMask) * WAYS;
  let known = find(onceA, onceB, set, a, b);
  let again: i32 = 0;
  if (known < 0) known = oldestOf(onceWhen, set);
  else if (abs<f64>(ns - load<f64>(onceWhen + (known << 3))) <= pairNs) {
    again = load<u8>(onceCopied + known) as i32;
    if (load<f64>(onceWhere + (known << 3)) != (leaf as f64) || (again & ONCE_HELD) != 0) return false;
    if ((again & ~ONCE_LATER) < 2 * ONCE_AGAIN) again += ONCE_AGAIN;
  } else {
    // On another leaf in the same words, or there a third time.
    const bits = load<u8>(onceCopied + known) as i32;
    const isElsewhere = load<f64>(onceWhere + (known << 3)) != (leaf as f64);
    const after = ns - load<f64>(onceWhen + (known << 3));
    if (after > 0 && after <= lateNs)
      if (bits >= LEAST_LATER || (isElsewhere && load<i32>(onceExact + (known << 2)) == exact)) return false;
  }
  store<i32>(onceA + (known << 2), a);
  store<i32>(onceB + (known << 2), b);
  store<f64>(onceWhere + (known << 3), leaf as f64);
  store<f64>(onceWhen + (known << 3), ns);
  store<f64>(onceOffsets + (known << 3), load<f64>(offsets + cell));
  store<u8>(onceCopied + known, again);
  store<i32>(onceExact + (known << 2), exact);
  store<i32>(onceTo + (known << 2), load<i32>(destination + four));
  return true;
}

/** Place of a content in a set of lib/judge/captures/recent.ts, or -1. */
function find(listA: i32, listB: i32, set: i32, a: i32, b: i32): i32 {
  for (let at = set; at < set + WAYS; at++)
    if (load<i32>(listA + (at << 2)) == a && load<i32>(listB + (at << 2)) == b) return at;
  return -1;
}

function oldestOf(when: i32, set: i32): i32 {
  let at = set;
  for (let other = at + 1; other < set + WAYS; other++)
    if (load<f64>(when + (other << 3)) < load<f64>(when + (at << 3))) at = other;
  return at;
}

/** lib/judge/rules/skew.ts, below 2^30. */
function bucketOf(ns: i32): i32 {
  if (ns < 128) return ns;
  const unit = 24 - clz<i32>(ns);
  return (unit << 7) + (ns >>> unit);
}

/** As Math.round. */
function rounded(value: f64): f64 {
  const up = ceil<f64>(value);
  return up - 0.5 <= value ? up : up - 1;
}

function unlink(place: i32): void {
  const bucket = heads + ((load<i32>(keyA + (place << 2)) & (ring * 2 + 1)) << 2);
  let other = load<i32>(bucket);
  if (other == place) {
    store<i32>(bucket, load<i32>(next + (place << 2)));
    return;
  }
  while (other >= 0) {
    const following = load<i32>(next + (other << 2));
    if (following == place) {
      store<i32>(next + (other << 2), load<i32>(next + (place << 2)));
      return;
    }
    other = following;
  }
}

function addOne(at: i32): void {
  store<f64>(at, load<f64>(at) + 1);
}
