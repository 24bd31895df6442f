/** Which data hosts say several times: lib/judge/captures/dataSort.ts, whose comments give the reasons. */
import { u16At, u8At } from './bytes';
import { bodyLength, bodyStart, etherType, IPV4, kind } from './classify';
import { DATA_TCP } from './kinds';

const NUMBERED: i32 = 0x400;
const BARE_ACK: i32 = 0x800;
const TCP: i32 = 6;
const TCP_HEADER: i32 = 20;
const FLAGS: i32 = 0x3f;
const ACK: i32 = 0x10;

/** Of the IPv4 or IPv6 packet that was just classified, which has a whole header. */
export function sortOfData(): i32 {
  const at = bodyStart;
  if (etherType == IPV4) {
    if (u16At(at + 4) != 0) return NUMBERED;
    const header = (u8At(at) & 0x0f) << 2;
    return kind == DATA_TCP && isBareAck(at + header, bodyLength - header, u16At(at + 2) - header) ? BARE_ACK : 0;
  }
  return kind == DATA_TCP && u8At(at + 6) == TCP && isBareAck(at + 40, bodyLength - 40, u16At(at + 4)) ? BARE_ACK : 0;
}

function isBareAck(at: i32, held: i32, length: i32): bool {
  return held >= TCP_HEADER && (u8At(at + 13) & FLAGS) == ACK && (u8At(at + 12) >> 4) << 2 == length;
}
