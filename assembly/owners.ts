/** Whose IP addresses are: lib/judge/captures/owners.ts, whose comments say what it is good for. */
import { ARP, bodyLength, bodyStart, etherType, IPV4 } from './classify';
import { ownerKeys, ownerSenders } from './tables';

const SHIFT: i32 = 20;

/** Of the host's ARP, NS or NA that was just classified. */
export function learnOwner(sender: i32): void {
  if (etherType == ARP) {
    if (bodyLength >= 28) put(load<i32>(bodyStart, 14), sender);
    return;
  }
  if (bodyLength >= 40) put(keyOf6(bodyStart + 8), sender);
}

/** Of the IPv4 or IPv6 packet that was just classified, which has a whole header. */
export function ownerOfPacket(): i32 {
  const key = etherType == IPV4 ? load<i32>(bodyStart, 12) : keyOf6(bodyStart + 8);
  if (key == 0) return 0;
  const at = slotOf(key);
  return load<i32>(ownerKeys + at) == key ? load<i32>(ownerSenders + at) : 0;
}

function put(key: i32, sender: i32): void {
  if (key == 0) return;
  const at = slotOf(key);
  store<i32>(ownerKeys + at, key);
  store<i32>(ownerSenders + at, sender);
}

/** In bytes. */
function slotOf(key: i32): i32 {
  return (((key * 0x9e3779b1) as u32) >> SHIFT) << 2;
}

function keyOf6(at: i32): i32 {
  const one: i32 = load<i32>(at) * 0x5bd1e995 + load<i32>(at, 4);
  const other: i32 = load<i32>(at, 8) * 0x1b873593 + load<i32>(at, 12);
  return (one * 0x165667b1) ^ other;
}
