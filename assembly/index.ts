/**
 * Reads the plain part of captures: records of Ethernet in classic pcap and pcapng, least significant byte first. It
 * stops in front of the first record or block that has anything special about it, and leaves it to lib/pcap and
 * lib/judge/captures/recorder.ts, which do the same for everything. It keeps nothing but the tables that it is given.
 */
import { head, setHead, takeFrame } from './frame';
import { useTables } from './tables';

export { useTables };

/** lib/pcap/limits.ts */
const MAX_FRAME: u32 = 0x40000;
const MAX_BLOCK: u32 = 2 * MAX_FRAME;
const MAX_SECONDS: u64 = 9_223_372_035;
const RECORD_HEADER: i32 = 16;
const ENHANCED_PACKET: u32 = 6;
/** Type and length of a block, the fixed part of an enhanced packet, and the length once more. */
const BLOCK_HEADER: i32 = 8;
const PACKET_HEADER: i32 = 20;
const BLOCK_TRAILER: i32 = 4;
const LEAST_PACKET: i32 = BLOCK_HEADER + PACKET_HEADER + BLOCK_TRAILER;
const DROP_COUNT: i32 = 4;

/** Where results of a call are put: the latest time, ns; frames; records written in all. */
let resultAt: i32 = 0;

export function useResult(at: i32): void {
  resultAt = at;
}

function result(alive: f64, frames: i32): void {
  store<f64>(resultAt, alive);
  store<i32>(resultAt, frames, 8);
  store<i32>(resultAt, head, 12);
}

/** As the recorder computes it, in the same order, for the same bits. */
function sinceBase(seconds: f64, nanos: f64, base: f64): f64 {
  return (seconds - base + 0.25) * 1e9 + (nanos - 250_000_000);
}

/**
 * Records of pcap in [from, end).
 * @param shift what is to be added to an address for the offset in the file
 * @param written records that were written so far
 * @param aliveNs time of the latest frame
 * @param base second since which times are counted
 * @param unit nanoseconds of one unit of the fraction: 1 or 1000
 * @returns where it stopped
 */
export function readPcap(from: i32, end: i32, shift: f64, written: i32, aliveNs: f64, base: f64, unit: u32): i32 {
  const limit: u32 = unit == 1 ? 1_000_000_000 : 1_000_000;
  let at = from;
  let alive = aliveNs;
  let frames: i32 = 0;
  setHead(written);
  while (end - at >= RECORD_HEADER) {
    const fraction = load<u32>(at, 4);
    const captured = load<u32>(at, 8);
    const original = load<u32>(at, 12);
    if (captured - 1 >= MAX_FRAME || captured > original || fraction >= limit) break;
    const size = RECORD_HEADER + (captured as i32);
    if (end - at < size) break;
    const ns = sinceBase(load<u32>(at) as f64, (fraction * unit) as f64, base);
    if (!(ns >= alive)) break;
    if (!takeFrame(at + RECORD_HEADER, captured, captured == original, ns, shift + (at as f64))) break;
    alive = ns;
    frames++;
    at += size;
  }
  result(alive, frames);
  return at;
}

/**
 * Enhanced packets of the only interface of a pcapng file in [from, end); see `readPcap`.
 * @param perSecond units of the clock in a second, at most 10^9
 * @param plus seconds that are added to all times
 */
export function readPcapng(
  from: i32,
  end: i32,
  shift: f64,
  written: i32,
  aliveNs: f64,
  base: f64,
  perSecond: u32,
  plus: f64,
): i32 {
  const units = perSecond as u64;
  const toNanos: u64 = 1_000_000_000 / units;
  let at = from;
  let alive = aliveNs;
  let frames: i32 = 0;
  setHead(written);
  while (end - at >= LEAST_PACKET) {
    const total = load<u32>(at, 4);
    if (load<u32>(at) != ENHANCED_PACKET || total > MAX_BLOCK || (total & 3) != 0) break;
    if ((total as i32) < LEAST_PACKET || end - at < (total as i32)) break;
    const stop = at + (total as i32) - BLOCK_TRAILER;
    const captured = load<u32>(at, 20);
    const original = load<u32>(at, 24);
    const data = at + BLOCK_HEADER + PACKET_HEADER;
    if (load<u32>(stop) != total || load<u32>(at, 8) != 0) break;
    if (captured > MAX_FRAME || captured > original || (captured as i32) > stop - data) break;
    if (!areOptionsPlain(data + (((captured as i32) + 3) & ~3), stop)) break;
    const count = ((load<u32>(at, 12) as u64) << 32) | (load<u32>(at, 16) as u64);
    const whole = count / units;
    if (whole > MAX_SECONDS) break;
    const seconds = (whole as f64) + plus;
    if (!(seconds >= 0 && seconds <= (MAX_SECONDS as f64))) break;
    const ns = sinceBase(seconds, ((count - whole * units) * toNanos) as f64, base);
    if (!(ns >= alive)) break;
    if (!takeFrame(data, captured, captured == original, ns, shift + (at as f64))) break;
    alive = ns;
    frames++;
    at += total as i32;
  }
  result(alive, frames);
  return at;
}

/** Whether options end inside of their block, and none counts lost frames. */
function areOptionsPlain(from: i32, end: i32): bool {
  let at = from;
  while (end - at >= 4) {
    const code = load<u16>(at) as i32;
    const length = load<u16>(at, 2) as i32;
    if (code == 0) return true;
    if (code == DROP_COUNT || at + 4 + length > end) return false;
    at += 4 + ((length + 3) & ~3);
  }
  return true;
}
