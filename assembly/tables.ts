/** Where the recorder keeps its tables in this memory: lib/judge/captures/fastRecorder.ts lays them out. Addresses. */

/** Columns of the ring (lib/judge/captures/columns.ts) and its capacity less one. */
export let timeAt: i32 = 0;
export let offsetAt: i32 = 0;
export let keyAAt: i32 = 0;
export let keyBAt: i32 = 0;
export let looseAt: i32 = 0;
export let destinationAt: i32 = 0;
export let metaAt: i32 = 0;
export let ringMask: i32 = 0;
/** Tables of MACs (lib/judge/captures/macTable.ts): senders; leaves, whose mask is -1 where there are none. */
export let senderHighs: i32 = 0;
export let senderLows: i32 = 0;
export let senderNumbers: i32 = 0;
export let senderMask: i32 = 0;
export let leafHighs: i32 = 0;
export let leafLows: i32 = 0;
export let leafNumbers: i32 = 0;
export let leafMask: i32 = 0;
/** By kind: family and sort, one byte each; frames that go elsewhere than the ring, as f64. */
export let familiesAt: i32 = 0;
export let sortsAt: i32 = 0;
export let backgroundAt: i32 = 0;
/** By sender: who spoke, one byte each; frames by sort and tag (lib/judge/captures/fields.ts), four u32 each. */
export let spokeAt: i32 = 0;
export let bySenderAt: i32 = 0;
/** Frames of data by hop limit, IPv4 and then IPv6, as u32; and the sums `stacked`, `whole`, `oneLess`. */
export let hopsAt: i32 = 0;
export let sumsAt: i32 = 0;
/** Every unicast source is of interest. */
export let isAuto: bool = false;
/** Whose IP addresses are (lib/judge/captures/owners.ts). */
export let ownerKeys: i32 = 0;
export let ownerSenders: i32 = 0;

/** Takes the addresses above, in that order, from a list of i32 at `list`. */
export function useTables(list: i32): void {
  timeAt = load<i32>(list, 0);
  offsetAt = load<i32>(list, 4);
  keyAAt = load<i32>(list, 8);
  keyBAt = load<i32>(list, 12);
  looseAt = load<i32>(list, 16);
  destinationAt = load<i32>(list, 20);
  metaAt = load<i32>(list, 24);
  ringMask = load<i32>(list, 28);
  senderHighs = load<i32>(list, 32);
  senderLows = load<i32>(list, 36);
  senderNumbers = load<i32>(list, 40);
  senderMask = load<i32>(list, 44);
  leafHighs = load<i32>(list, 48);
  leafLows = load<i32>(list, 52);
  leafNumbers = load<i32>(list, 56);
  leafMask = load<i32>(list, 60);
  familiesAt = load<i32>(list, 64);
  sortsAt = load<i32>(list, 68);
  backgroundAt = load<i32>(list, 72);
  spokeAt = load<i32>(list, 76);
  bySenderAt = load<i32>(list, 80);
  hopsAt = load<i32>(list, 84);
  sumsAt = load<i32>(list, 88);
  isAuto = load<i32>(list, 92) != 0;
  ownerKeys = load<i32>(list, 96);
  ownerSenders = load<i32>(list, 100);
}

/** Number of a MAC in a table, 0 = it is not there. */
function numberOf(highs: i32, lows: i32, numbers: i32, mask: i32, high: i32, low: i32): i32 {
  let at: i32 = ((((low ^ (high << 7)) * 0x9e3779b1) as u32) >> 8) & mask;
  let number = load<i32>(numbers + (at << 2));
  while (number != 0 && (load<i32>(lows + (at << 2)) != low || load<i32>(highs + (at << 2)) != high)) {
    at = (at + 1) & mask;
    number = load<i32>(numbers + (at << 2));
  }
  return number;
}

export function senderOf(high: i32, low: i32): i32 {
  return numberOf(senderHighs, senderLows, senderNumbers, senderMask, high, low);
}

export function isLeaf(high: i32, low: i32): bool {
  return leafMask >= 0 && numberOf(leafHighs, leafLows, leafNumbers, leafMask, high, low) != 0;
}
