import type { TimelineEvent } from '../../evidence/types.js';
import type { TimeBase } from '../read/clock.js';
import type { Delivery, Finding, RecoveryFigure } from '../types.js';
import { duration, plural } from '../tell/phrasing.js';

/** Group of the probes that are sent one after another, also in don't-care time, until every leaf gets one again. */
export const RECOVERY_GROUP = 'recovery';

interface Outage {
  readonly verb: string;
  readonly leg: string | null;
  readonly from: number;
  readonly fromText: string;
  /** When the repair began; null when there was none. */
  repaired: number | null;
}

/** The key that a fault's beginning and its repair share; null for events that are neither. */
function edgeOf(
  event: TimelineEvent,
): { readonly key: string; readonly leg: string | null; readonly well: boolean } | null {
  switch (event.type) {
    case 'leg':
      return { key: `leg ${event.leg}`, leg: event.leg, well: event.state === 'up' };
    case 'wire':
      return { key: `wire ${event.leg} ${event.direction}`, leg: event.leg, well: event.state === 'whole' };
    case 'partner':
      return { key: `partner ${event.leg}`, leg: event.leg, well: event.state === 'speaking' };
    case 'daemon':
      return { key: `daemon ${event.node} ${event.what}`, leg: null, well: event.state === 'up' };
    case 'observed':
    case 'mark':
      return null;
  }
}

/**
 * Faults from their first edge to their repair. What a technician sees as one event is one: a reboot, a flapping cable.
 */
function outagesOf(timeline: readonly TimelineEvent[], base: TimeBase): readonly Outage[] {
  const all: Outage[] = [];
  const open = new Map<string, Outage>();
  const repeated = new Map<string, Outage>();
  for (const event of timeline) {
    const edge = edgeOf(event);
    if (edge === null || !('verb' in event)) continue;
    const at = base.fromText(event.fromNs);
    const repeats = event.repeats === true;
    const known = repeats ? repeated.get(edge.key) : open.get(edge.key);
    if (edge.well) {
      if (known !== undefined && (known.repaired === null || repeats)) known.repaired = at;
      open.delete(edge.key);
      continue;
    }
    if (known !== undefined) continue;
    const twin = all.find((one) => one.verb === event.verb && one.from === at);
    const outage = twin ?? { verb: event.verb, leg: edge.leg, from: at, fromText: event.fromNs, repaired: null };
    if (twin === undefined) all.push(outage);
    if (repeats) repeated.set(edge.key, outage);
    else open.set(edge.key, outage);
  }
  return all;
}

/**
 * P8: the effect of each fault on frames that are due on every leaf, if there were such frames at that time. A figure
 * ends where the next fault begins, or with the evidence. `timeline` and `deliveries` in the order of their times;
 * `leaves` those with a certificate.
 */
export function recoveryFigures(
  timeline: readonly TimelineEvent[],
  deliveries: readonly Delivery[],
  leaves: readonly string[],
  base: TimeBase,
): readonly RecoveryFigure[] {
  const outages = outagesOf(timeline, base);
  const due = deliveries
    .filter((delivery) => delivery.duty === 'replicated')
    .map((delivery) => ({ delivery, sent: base.fromText(delivery.sentNs) }))
    .sort((a, b) => a.sent - b.sent);
  return outages.flatMap((outage, index): RecoveryFigure[] => {
    const { verb, leg, from, fromText, repaired } = outage;
    const end = outages.slice(index + 1).find((next) => repaired !== null && next.from >= repaired)?.from ?? Infinity;
    const during = due.filter(({ sent }) => sent >= from && sent < end);
    if (during.length === 0) return [];
    const missing = during.flatMap(({ delivery, sent }) =>
      leaves.filter((leaf) => isMissing(delivery, leaf)).map((leaf) => ({ delivery, sent, leaf })),
    )[0];
    const back =
      repaired === null
        ? undefined
        : during.find(
            ({ delivery, sent }) =>
              sent >= repaired && leaves.every((leaf) => (delivery.leaves[leaf]?.copies.length ?? 0) > 0),
          );
    const arrived =
      back === undefined
        ? null
        : Math.max(
            ...leaves.map((leaf) => base.fromText(back.delivery.leaves[leaf]?.copies[0]?.tNs ?? back.delivery.sentNs)),
          );
    return [
      {
        verb,
        ...(leg === null ? {} : { leg }),
        fromNs: fromText,
        downNs: repaired === null ? null : repaired - from,
        probes: during.length,
        firstMissingNs: missing === undefined ? null : missing.sent - from,
        ...(missing === undefined
          ? {}
          : {
              firstMissing: {
                leaf: missing.leaf,
                kind: missing.delivery.kind,
                sender: missing.delivery.sender,
                probe: missing.delivery.probe,
                before: due.some(({ delivery, sent }) => sent < from && isMissing(delivery, missing.leaf)),
              },
            }),
        backNs: arrived === null || repaired === null ? null : arrived - repaired,
        longestGapNs: Object.fromEntries(
          leaves.map((leaf) => [
            leaf,
            longestGap(
              due.filter(({ sent }) => sent < end),
              leaf,
              from,
            ),
          ]),
        ),
      },
    ];
  });
}

function isMissing(delivery: Delivery, leaf: string): boolean {
  return delivery.leaves[leaf]?.outcome === 'missing';
}

/** One sentence per fault under which a copy was missing that was due: where, of what, and how long after the fault. */
export function recoveryFindings(figures: readonly RecoveryFigure[]): Finding[] {
  return figures.flatMap(({ verb, leg, downNs, firstMissingNs, firstMissing }): Finding[] => {
    if (firstMissingNs === null || firstMissing === undefined) return [];
    const { leaf, kind, sender, probe, before } = firstMissing;
    const fault = `${verb}${leg === undefined ? '' : ` of ${leg}`}`;
    const when =
      downNs === null || firstMissingNs < downNs
        ? `${duration(firstMissingNs)} after ${fault}`
        : `${duration(firstMissingNs - downNs)} after the repair of ${fault} began`;
    const since = before
      ? 'went on to miss frames that were due there, as before the fault; the next was'
      : 'missed a frame that was due there for the first time,';
    return [
      {
        property: 'P7',
        signature: 'missing',
        verdict: 'fail',
        leaf,
        sender,
        count: 1,
        probes: [probe],
        sentence: `${when} ${leaf} ${since} one of the ${plural(kind, 'untagged')} from ${sender}.`,
      },
    ];
  });
}

/**
 * The longest time in which no frame came to a leaf although some were sent: from the last one that came to the next,
 * ns; 0 when each came.
 */
function longestGap(
  due: readonly { readonly delivery: Delivery; readonly sent: number }[],
  leaf: string,
  from: number,
): number {
  let longest = 0;
  let last = from;
  let lost = false;
  for (const { delivery, sent } of due) {
    const came = (delivery.leaves[leaf]?.copies.length ?? 0) > 0;
    if (sent < from) {
      if (came) last = sent;
      continue;
    }
    if (came) {
      if (lost) longest = Math.max(longest, sent - last);
      last = sent;
    }
    lost = !came;
  }
  const final = due.at(-1);
  return lost && final !== undefined ? Math.max(longest, final.sent - last) : longest;
}
