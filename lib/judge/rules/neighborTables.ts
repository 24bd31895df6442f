import type { NeighborEvent, NeighborHistory, WatchedNeighbor } from '../../evidence/types.js';
import type { KindId } from '../../wire/kinds.js';
import type { Delivery, Finding } from '../types.js';
import { duration, listed, some } from '../tell/phrasing.js';

/** Ageing periods that must have passed before "it was kept" means anything (P13). */
const PERIODS = 3;

/**
 * Above this a leaf was too late with its question, ns. The kernel tells the harness that an entry's age is over, and
 * the harness orders the question: usually within 4 ms, within 26 ms on a machine that is not busy. A leaf that gets no
 * answers itself (its leg is the backup) hears the answer to another leaf's question in time only if that leaf asks
 * soon: 450 ms of age at most, against 150 ms of age and 750 ms of probes.
 */
const SLOW_NS = 300e6;

/** The entry of one sender address on one leaf, and when the leaf lost it; null = it still has it. */
interface Fate {
  readonly watched: WatchedNeighbor;
  readonly lostNs: string | null;
}

/**
 * P13: a leaf's neighbor entries must survive ageing on received frames alone. An entry is lost when the kernel says
 * FAILED, or when it is not in the table any more, while no fault excuses the leaf. Where the machine kept a leaf from
 * asking in time, its loss proves nothing.
 */
export function neighborTables(history: NeighborHistory, deliveries: readonly Delivery[]): Finding[] {
  const fates = history.watched.map((watched): Fate => ({ watched, lostNs: lostAt(history, watched) }));
  const lost = fates.filter((fate) => fate.lostNs !== null);
  const lengthNs = Number(BigInt(history.toNs) - BigInt(history.fromNs));
  const findings = lost.map(
    (fate): Finding =>
      lateQuestion(fate, history) ?? {
        property: 'P13',
        signature: 'table-lost',
        verdict: 'fail',
        leaf: fate.watched.leaf,
        sender: fate.watched.sender,
        count: 1,
        of: 1,
        probes: [],
        sentence: lossSentence(fate, fates, history, deliveries),
      },
  );
  const periods = Math.floor(lengthNs / history.periodNs);
  const unasked = history.watched.filter(
    ({ ip }) =>
      !history.events.some((event) => event.ip === ip && event.state === 'PROBE' && event.atNs >= history.fromNs),
  );
  if (history.watched.length === 0 || periods < PERIODS || (lost.length === 0 && unasked.length > 0)) {
    const why =
      history.watched.length === 0
        ? 'no entry was watched'
        : periods < PERIODS
          ? `only ${some(periods, 'ageing period')} of ${duration(history.periodNs)} passed`
          : `no leaf ever asked for ${listed([...new Set(unasked.map(({ ip }) => ip))])} again`;
    findings.push({
      property: 'P13',
      signature: 'table-not-aged',
      verdict: 'inconclusive',
      count: 1,
      probes: [],
      sentence: `Nothing is known about the leaves' tables: ${why}.`,
    });
  }
  const kept = fates.length - lost.length;
  if (kept > 0 && periods >= PERIODS) {
    findings.push({
      property: 'P13',
      signature: 'table-kept',
      verdict: 'note',
      count: kept,
      of: fates.length,
      probes: [],
      sentence: `${kept} of ${some(fates.length, 'neighbor entry').replace('entrys', 'entries')} outlived ${periods} ageing periods of ${duration(history.periodNs)}; the leaves asked again ${some(history.events.filter(({ state }) => state === 'PROBE').length, 'time')}.`,
    });
  }
  return findings;
}

/** When an entry was lost for the first time; an excused leaf must only have it again at the end. */
function lostAt(history: NeighborHistory, { leaf, ip }: WatchedNeighbor): string | null {
  const own = history.events.filter((event) => event.leaf === leaf && event.ip === ip && event.atNs <= history.toNs);
  const excused = (event: NeighborEvent): boolean =>
    (history.excused ?? []).some((span) => span.leaf === leaf && span.fromNs <= event.atNs && event.atNs <= span.toNs);
  const found = own.find((event) => isGone(event) && event.atNs >= history.fromNs && !excused(event));
  if (found !== undefined) return found.atNs;
  const last = own.at(-1);
  return last !== undefined && isGone(last) && last.atNs >= history.fromNs ? last.atNs : null;
}

function isGone({ state }: NeighborEvent): boolean {
  return state === 'FAILED' || state === 'INCOMPLETE' || state === 'DELETED';
}

/**
 * The longest time between `sinceNs` and `lostNs` for which a leaf's entry for this address was too old and the leaf
 * did not ask.
 */
function slowest({ events }: NeighborHistory, { leaf, ip }: WatchedNeighbor, sinceNs: bigint, lostNs: bigint): bigint {
  let longest = 0n;
  let stale: bigint | null = null;
  for (const event of events) {
    const at = BigInt(event.atNs);
    if (event.leaf !== leaf || event.ip !== ip || at > lostNs) continue;
    if (stale !== null && at >= sinceNs && at - stale > longest) longest = at - stale;
    stale = event.state === 'STALE' ? at : null;
  }
  return stale !== null && lostNs - stale > longest ? lostNs - stale : longest;
}

/**
 * The finding for an entry that was lost while a leaf was kept from asking for it, which proves nothing; null when
 * every leaf asked in time.
 */
function lateQuestion({ watched, lostNs }: Fate, history: NeighborHistory): Finding | null {
  const { leaf, sender, ip } = watched;
  const lost = BigInt(lostNs ?? history.toNs);
  const heard = history.events
    .filter(
      (event) => event.leaf === leaf && event.ip === ip && event.state === 'REACHABLE' && BigInt(event.atNs) < lost,
    )
    .at(-1);
  const since = BigInt(heard?.atNs ?? history.fromNs);
  const late = history.watched
    .filter((one) => one.ip === ip)
    .map((one) => ({ leaf: one.leaf, ns: Number(slowest(history, one, since, lost)) }))
    .filter(({ ns }) => ns > SLOW_NS);
  const worst = late.sort((a, b) => b.ns - a.ns)[0];
  if (worst === undefined) return null;
  return {
    property: 'P13',
    signature: 'table-not-aged',
    verdict: 'inconclusive',
    leaf,
    sender,
    count: 1,
    of: 1,
    probes: [],
    sentence: `${leaf} lost its entry for ${sender} (${ip}), but the machine was too busy to say why: ${worst.leaf} was made to ask only ${duration(worst.ns)} after its own entry's age was over, more than ${duration(SLOW_NS)}.`,
  };
}

/**
 * "leaf-b lost its entry for vm1 (198.51.100.11, MAC 02:..:0a) 751 ms after the last of its answers that it heard;
 * leaf-a kept it."
 */
function lossSentence(
  { watched, lostNs }: Fate,
  fates: readonly Fate[],
  history: NeighborHistory,
  deliveries: readonly Delivery[],
): string {
  const { leaf, sender, ip } = watched;
  const answer: KindId = ip.includes(':') ? 'na-solicited' : 'arp-reply-unicast';
  const at = BigInt(lostNs ?? history.toNs);
  let heard: bigint | null = null;
  for (const delivery of deliveries) {
    if (delivery.sender !== sender || delivery.kind !== answer) continue;
    for (const copy of delivery.leaves[leaf]?.copies ?? []) {
      const copied = BigInt(copy.tNs);
      if (copied <= at && (heard === null || copied > heard)) heard = copied;
    }
  }
  const since =
    heard === null
      ? `${duration(Number(at - BigInt(history.fromNs)))} into the ageing, without having heard any of its answers`
      : `${duration(Number(at - heard))} after the last of its answers that it heard`;
  const others = fates.filter((fate) => fate.watched.ip === ip && fate.watched.leaf !== leaf);
  const kept = others.filter((fate) => fate.lostNs === null).map((fate) => fate.watched.leaf);
  const rest =
    others.length === 0 ? '' : kept.length === 0 ? '; every other leaf lost it too' : `; ${listed(kept)} kept it`;
  return `${leaf} lost its entry for ${sender} (${ip}, MAC ${watched.mac}) ${since}${rest}.`;
}
