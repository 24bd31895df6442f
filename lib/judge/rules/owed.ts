import { dutyOf } from '../../profile/duty.js';
import type { Duty, Profile } from '../../profile/types.js';
import { kindEntry, type KindId, type TagForm } from '../../wire/kinds.js';

/**
 * What a sender's probe owes in a lab: its duty. A frame that belongs to its own port, and of which the profile says
 * nothing, is forwarded by no bridge (IEEE 802.1Q 8.6.3: reserved addresses) and by some switches all the same: it may
 * come out once, or not at all. Captures of anybody's hosts are not held to that: there each port speaks for itself,
 * and may say the same.
 */
export function owedOf(profile: Profile, kind: KindId, form: TagForm): Duty | 'at-most-once' {
  return kindEntry(kind).expected === 'own-port' && profile.duties[kind] === undefined
    ? 'at-most-once'
    : dutyOf(profile, kind, form);
}

/**
 * The same for a frame to the MAC of another sender on the same host: no leaf needs it. A switch that has not learned
 * that MAC yet sends data out all the same, once; of neighbor frames it does no harm when a leaf hears them, and a
 * replicator may copy them without looking at their destination.
 */
export function owedOnHost(kind: KindId): 'unjudged' | 'at-most-once' {
  const { family } = kindEntry(kind);
  return family === 'arp' || family === 'nd' ? 'unjudged' : 'at-most-once';
}
