import { groupBy } from '../../groupBy.js';
import type { Tap } from '../../evidence/types.js';
import { differencesBut, type Alteration } from '../../wire/altered.js';
import { classify, newClassification, type Classification } from '../../wire/classify.js';
import { FIRST_CONTROL_ID } from '../../wire/control.js';
import type { VlanTag } from '../../wire/frame.js';
import { findToken } from '../../wire/token.js';
import type { TimeBase } from './clock.js';
import { macOf } from './macs.js';
import type { ProbeIndex } from './probeIndex.js';
import { pairRepeats, type Candidate, type Sighting } from './sighting.js';
import { addUnexplained, type UnexplainedFrames, type UnexplainedContext } from '../rules/unexplained.js';
import { kindName, readTap, type TapContents } from './tapReader.js';

/** What one leaf's capture holds. */
export interface LeafWatch {
  readonly contents: TapContents;
  /** In file order. */
  readonly sightings: readonly Sighting[];
  /** Frames that belong to no probe, by kind. */
  readonly background: ReadonlyMap<string, number>;
  /** Complete frames that match no probe, with any MAC but those of `reflected`. */
  readonly unexplained: readonly UnexplainedFrames[];
  /**
   * Frames with the MAC of a gateway, a leaf's port or a sender of another host that are no probe: they came back out of
   * this host. MAC -> count.
   */
  readonly reflected: ReadonlyMap<number, number>;
  readonly cut: number;
  readonly unlisted: number;
}

export interface WatchContext extends UnexplainedContext {
  readonly salt: number;
  readonly base: TimeBase;
  readonly probes: ProbeIndex;
  /** Tags that a leaf must see on each probe. */
  readonly wireTags: readonly (readonly VlanTag[])[];
  readonly senderMacs: ReadonlySet<number>;
  /** Of those who are not on the host behind this capture: leaves, and senders of another host. */
  readonly foreignMacs: ReadonlySet<number>;
  /** What is altered in all frames of this capture alike, and no replicator's doing. */
  readonly alike: ReadonlySet<Alteration>;
  readonly slackNs: number;
  /** MACs of those behind the leg, for a capture that only their voices prove alive. */
  readonly voices?: ReadonlySet<number>;
  /** The most by which a copy's time may be wrong, compared with when its probe was sent. */
  readonly clockErrorNs: number;
}

export function watchLeaf(tap: Tap, chunks: Iterable<Uint8Array>, context: WatchContext): LeafWatch {
  const { probes } = context;
  const sightings: Sighting[] = [];
  const candidates: Candidate[] = [];
  const background = new Map<string, number>();
  const unexplained = new Map<string, UnexplainedFrames>();
  const again = newClassification();
  const reflected = new Map<number, number>();
  let cut = 0;
  let unlisted = 0;
  const differ = (probe: number, bytes: Uint8Array, original: number): readonly string[] =>
    differencesBut(context.alike, probes.frames[probe] ?? bytes, context.wireTags[probe] ?? [], bytes, original);
  const contents = readTap(
    tap,
    chunks,
    context.salt,
    context.base,
    (frame) => {
      const { bytes, found, ns, offset, order, original } = frame;
      const token = frame.token >= 0 || !frame.isWhole ? frame.token : innerToken(bytes, found, context);
      const probe = token < 0 ? -1 : probes.byToken(token);
      if (probe >= 0) {
        sightings.push({ probe, ns, offset, order, differences: differ(probe, bytes, original) });
        return;
      }
      const named = probes.hasContent ? probes.byContent(bytes, found) : [];
      if (named.length > 0) {
        candidates.push({
          probes: named,
          kind: kindName(found.kind),
          ns,
          offset,
          order,
          bytes: new Uint8Array(bytes),
          original,
        });
        return;
      }
      const mac = macOf(found.sourceHigh, found.sourceLow);
      if (token >= FIRST_CONTROL_ID) {
        bump(background, 'canary');
        return;
      }
      if (token >= 0) unlisted++;
      if (!frame.isWhole && context.senderMacs.has(mac)) cut++;
      bump(background, kindName(found.kind));
      if (context.foreignMacs.has(mac)) bump(reflected, mac);
      else if (token < 0 && frame.isWhole) addUnexplained(unexplained, mac, bytes, found, ns, context);
    },
    context.voices,
  );
  for (const repeats of groupBy(candidates, (candidate) => candidate.probes[0]).values()) {
    const probesOf = pairRepeats(repeats, probes.sent, context.slackNs, context.clockErrorNs);
    repeats.forEach((candidate, i) => {
      const probe = probesOf[i] ?? -1;
      if (probe >= 0)
        sightings.push({
          probe,
          ns: candidate.ns,
          offset: candidate.offset,
          order: candidate.order,
          differences: differ(probe, candidate.bytes, candidate.original),
        });
      else {
        bump(background, candidate.kind);
        classify(candidate.bytes, 0, candidate.bytes.length, again);
        if (candidate.bytes.length >= candidate.original)
          addUnexplained(
            unexplained,
            macOf(again.sourceHigh, again.sourceLow),
            candidate.bytes,
            again,
            candidate.ns,
            context,
          );
      }
    });
  }
  sightings.sort((a, b) => a.order - b.order);
  return { contents, sightings, background, unexplained: [...unexplained.values()], reflected, cut, unlisted };
}

/** Where an Ethernet frame has its source MAC. */
const SOURCE_MAC: readonly number[] = [6, 7, 8, 9, 10, 11];

/**
 * The token of a frame that does not end with one: a copy to which something was added is still a copy. A message that
 * only quotes a probe, as ICMP errors do, has another kind and another source.
 */
function innerToken(bytes: Uint8Array, found: Classification, { salt, probes }: WatchContext): number {
  const token = findToken(bytes, 0, bytes.length, salt);
  const probe = token < 0 ? -1 : probes.byToken(token);
  const sent = probes.frames[probe];
  if (sent === undefined) return token;
  const isSameSource = SOURCE_MAC.every((at) => bytes[at] === sent[at]);
  return isSameSource || probes.kinds[probe] === found.kind ? token : -1;
}

function bump<K>(map: Map<K, number>, key: K): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
