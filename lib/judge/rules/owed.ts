import { dutyOf } from '../../profile/duty.js';
import type { Duty, Profile } from '../../profile/types.js';
import { kindEntry, type KindId, type TagForm } from '../../wire/kinds.js';

/**
 * The duty of a sender's probe in a lab. A frame that belongs to its own port, and that the profile does not mention,
 * must not be forwarded by a bridge (IEEE 802.1Q 8.6.3: reserved addresses), but some switches do: it may come out
 * once, or not at all. Captures from production are not judged by this: there each port sends its own frames, and they
 * may be equal.
 */
export function owedOf(profile: Profile, kind: KindId, form: TagForm): Duty | 'at-most-once' {
  return kindEntry(kind).expected === 'own-port' && profile.duties[kind] === undefined
    ? 'at-most-once'
    : dutyOf(profile, kind, form);
}

/**
 * The same for a frame to the MAC of another sender on the same host: no leaf needs it. A switch that has not learned
 * that MAC yet still sends data out, once. Neighbor frames do no harm at a leaf, and a replicator may copy them
 * whatever their destination.
 */
export function owedOnHost(kind: KindId): 'unjudged' | 'at-most-once' {
  const { family } = kindEntry(kind);
  return family === 'arp' || family === 'nd' ? 'unjudged' : 'at-most-once';
}
