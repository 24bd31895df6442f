import type { Delivery, Outcome } from '../../judge/types.js';
import { millis } from '../format.js';
import type { LegCondition, Span } from '../timelineSpans.js';
import { html, type Markup } from './markup.js';

/** px; ticks nearer than this would run together. */
const SLOT = 6;
/** px that a word in a bar needs. */
const WORD = 58;

/** ns since the epoch -> px. */
export type Scale = (ns: bigint) => number;

export function laneName(name: string, x: number, y: number): Markup {
  return html`<text class="lane-name" x="${x}" y="${y}" text-anchor="end">${name}</text>`;
}

const WORDS: Readonly<Record<LegCondition, string>> = {
  up: '',
  down: 'down',
  lost: 'mute',
  lossy: 'lossy',
  slow: 'slow',
  deaf: 'deaf',
  silent: 'no LACP',
  split: 'other LACP system',
};

/** What the lab did to a leg, as a bar; a state other than up is labelled where there is room. */
export function conditionBar(spans: readonly Span<LegCondition>[], x: Scale, y: number): readonly Markup[] {
  return spans.map(({ from, to, state }) => {
    const width = Math.max(x(to) - x(from), 1);
    const length = Number(to - from) / 1e6;
    return html`<rect class="leg ${state === 'up' ? 'up' : state === 'down' ? 'down' : 'ill'}" x="${x(from)}" y="${y}" width="${round(width)}" height="12" rx="2"/>${state !== 'up' && width > WORD ? html`<text class="leg-state ${state === 'down' ? '' : 'ill'}" x="${round((x(from) + x(to)) / 2)}" y="${y + 10}" text-anchor="middle">${WORDS[state]} ${millis(length)}</text>` : null}`;
  });
}

/** The state of the bond's member: a line while it is enabled, a dotted one while not. */
export function memberLine(spans: readonly Span<string>[] | null, x: Scale, y: number): readonly Markup[] {
  return (spans ?? []).map(
    ({ from, to, state }) =>
      html`<path class="member ${state === 'enabled' ? 'enabled' : 'disabled'}" d="M${x(from)} ${y}H${x(to)}"/>`,
  );
}

const BAD: ReadonlySet<Outcome> = new Set(['missing', 'duplicate', 'late', 'altered', 'unexpected', 'unknown']);
const RANKS = ['none', 'band', 'good', 'bad'] as const;
type Rank = (typeof RANKS)[number];

function rankOf(outcome: Outcome): Rank {
  if (BAD.has(outcome)) return 'bad';
  return outcome === 'delivered' ? 'good' : outcome === 'in-band' ? 'band' : 'none';
}

/** The probes that a leaf got: where several would overlap, the most important one is drawn. */
export function leafStrip(deliveries: readonly Delivery[], leaf: string, x: Scale, y: number): readonly Markup[] {
  const slots = new Map<number, Rank>();
  for (const delivery of deliveries) {
    const outcome = delivery.leaves[leaf]?.outcome;
    if (outcome === undefined) continue;
    const slot = Math.round(x(BigInt(delivery.sentNs)) / SLOT) * SLOT;
    const rank = rankOf(outcome);
    if (RANKS.indexOf(rank) >= RANKS.indexOf(slots.get(slot) ?? 'none')) slots.set(slot, rank);
  }
  return [...slots].map(([at, rank]) => {
    if (rank === 'bad') return html`<path class="probe wrong" d="M${at} ${y}v14m-3 -18l6 6m0 -6l-6 6"/>`;
    if (rank === 'good') return html`<path class="probe" d="M${at} ${y + 4}v10"/>`;
    return rank === 'band'
      ? html`<path class="probe in-band" d="M${at} ${y + 9}v5"/>`
      : html`<path class="probe none-due" d="M${at} ${y + 12}v2"/>`;
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
