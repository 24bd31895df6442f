import type { EvidenceManifest, TimelineEvent } from '../../evidence/types.js';
import type { Delivery } from '../../judge/types.js';
import { millis } from '../format.js';
import { html, type Markup } from './markup.js';

const LEFT = 96;
const WIDTH = 1236;
const LANE = 30;
const TOP = 26;
/** px; ticks nearer than this would run together. */
const SLOT = 6;

type LegEvent = Extract<TimelineEvent, { type: 'leg' }>;

/** Lanes of legs over the time of one window, with probes below. Geometry only: colours are in the page's style. */
export function timelineSvg(manifest: EvidenceManifest, deliveries: readonly Delivery[]): Markup {
  const open = BigInt(manifest.window.openNs);
  const lengthMs = Math.max(Number(BigInt(manifest.window.closeNs) - open) / 1e6, 0.001);
  const ms = (ns: string): number => Number(BigInt(ns) - open) / 1e6;
  const x = (atMs: number): number => Math.round((LEFT + (Math.min(Math.max(atMs, 0), lengthMs) / lengthMs) * (WIDTH - LEFT - 20)) * 10) / 10;
  const legs = manifest.topology.legs.map((leg) => leg.name);
  const marks = manifest.timeline.filter((event) => event.type === 'mark');
  const probesY = TOP + legs.length * LANE + 14;
  const height = probesY + 46;
  const events = manifest.timeline.filter((event): event is LegEvent => event.type === 'leg');
  const band = manifest.edgeBandNs / 1e6;
  const words = events.map((event) => `${event.leg} ${event.verb} at ${millis(ms(event.fromNs))}`).join('; ');
  return html`<svg class="timeline-svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${words}">
${events.map((event) => html`<rect class="band" x="${x(ms(event.fromNs) - band)}" y="${TOP - 6}" width="${round(x(ms(event.toNs) + band) - x(ms(event.fromNs) - band))}" height="${probesY - TOP + 26}"/>`)}
${legs.map((leg, lane) => legLane(leg, TOP + lane * LANE, events.filter((event) => event.leg === leg), ms, x, lengthMs))}
${marks.map((mark) => html`<g class="mark"><line x1="${x(ms(mark.fromNs))}" y1="${TOP - 6}" x2="${x(ms(mark.fromNs))}" y2="${probesY + 20}"/><text x="${x(ms(mark.fromNs)) + (ms(mark.fromNs) > lengthMs / 2 ? -4 : 4)}" y="14" text-anchor="${ms(mark.fromNs) > lengthMs / 2 ? 'end' : 'start'}">${mark.text}</text></g>`)}
<text class="lane-name" x="${LEFT - 12}" y="${probesY + 14}" text-anchor="end">probes</text>
${clusters(deliveries, (delivery) => x(ms(delivery.sentNs))).map(([at, wrong]) => (wrong
    ? html`<path class="probe wrong" d="M${at} ${probesY}v16m-3 -21l6 6m0 -6l-6 6"/>`
    : html`<path class="probe" d="M${at} ${probesY + 6}v10"/>`))}
<line class="axis" x1="${LEFT}" y1="${probesY + 22}" x2="${x(lengthMs)}" y2="${probesY + 22}"/>
${ticks(lengthMs).map((tick) => html`<g class="tick"><line x1="${x(tick)}" y1="${probesY + 22}" x2="${x(tick)}" y2="${probesY + 26}"/><text x="${x(tick)}" y="${probesY + 39}" text-anchor="middle">${tick === 0 ? '0' : millis(tick)}</text></g>`)}
</svg>`;
}

function legLane(leg: string, y: number, events: readonly LegEvent[], ms: (ns: string) => number, x: (ms: number) => number, lengthMs: number): Markup {
  const pieces: Markup[] = [];
  let state: 'up' | 'down' = events[0]?.state === 'up' ? 'down' : 'up';
  let from = 0;
  const piece = (to: number): void => {
    pieces.push(html`<rect class="leg ${state}" x="${x(from)}" y="${y}" width="${round(Math.max(x(to) - x(from), 1))}" height="12" rx="2"/>`);
    if (state === 'down') pieces.push(html`<text class="leg-state" x="${round((x(from) + x(to)) / 2)}" y="${y + 10}" text-anchor="middle">down ${millis(to - from)}</text>`);
  };
  for (const event of events) {
    const at = ms(event.fromNs);
    piece(at);
    pieces.push(html`<g class="edge"><line x1="${x(at)}" y1="${y - 3}" x2="${x(at)}" y2="${y + 15}"/><text x="${x(at) + 3}" y="${y + 24}">${event.verb}</text></g>`);
    state = event.state;
    from = at;
  }
  piece(lengthMs);
  return html`<text class="lane-name" x="${LEFT - 12}" y="${y + 10}" text-anchor="end">${leg}</text>${pieces}`;
}

/** Probes that would lie on each other are drawn as one, which is wrong when one of them is. */
function clusters(deliveries: readonly Delivery[], x: (delivery: Delivery) => number): readonly (readonly [number, boolean])[] {
  const found = new Map<number, boolean>();
  for (const delivery of deliveries) {
    const slot = Math.round(x(delivery) / SLOT) * SLOT;
    found.set(slot, found.get(slot) === true || (delivery.verdict !== 'pass' && delivery.verdict !== 'skipped'));
  }
  return [...found];
}

/** Round times, about eight of them. */
function ticks(lengthMs: number): readonly number[] {
  const rough = lengthMs / 8;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  return Array.from({ length: Math.floor(lengthMs / step) + 1 }, (_, index) => round(index * step));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
