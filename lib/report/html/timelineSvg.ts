import type { EvidenceManifest } from '../../evidence/types.js';
import type { Delivery } from '../../judge/types.js';
import { millis } from '../format.js';
import { daemonSpans, faultEvents, legSpans, memberSpans, type FaultEvent } from '../timelineSpans.js';
import { html, type Markup } from './markup.js';
import { conditionBar, laneName, leafStrip, memberLine, type Scale } from './timelineLanes.js';

const LEFT = 124;
const WIDTH = 1236;
const LANE = 36;
const STRIP = 26;
const TOP = 26;
/** px between the beginnings of two labels on one line; edges closer than that are drawn without a label. */
const WORD = 64;

/** Legs, daemons and leaves over the time of one window. Geometry only: colours are in the page's style. */
export function timelineSvg(manifest: EvidenceManifest, deliveries: readonly Delivery[]): Markup {
  const open = BigInt(manifest.window.openNs);
  const lengthMs = Math.max(Number(BigInt(manifest.window.closeNs) - open) / 1e6, 0.001);
  const ms = (ns: string): number => Number(BigInt(ns) - open) / 1e6;
  const at = (atMs: number): number =>
    Math.round((LEFT + (Math.min(Math.max(atMs, 0), lengthMs) / lengthMs) * (WIDTH - LEFT - 20)) * 10) / 10;
  const x: Scale = (ns) => at(Number(ns - open) / 1e6);
  const legs = manifest.topology.legs.map((leg) => leg.name);
  const daemons = daemonSpans(manifest);
  const leaves = manifest.topology.leaves.map((leaf) => leaf.name);
  const events = faultEvents(manifest);
  const marks = manifest.timeline.filter((event) => event.type === 'mark');
  const band = manifest.edgeBandNs / 1e6;
  const daemonsY = TOP + legs.length * LANE;
  const leavesY = daemonsY + daemons.length * LANE + 6;
  const axisY = leavesY + leaves.length * STRIP + 2;
  const height = axisY + 24;
  const words = wordsOf(events, ms);
  return html`<svg class="timeline-svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${words}">
${bandsOf(events, ms, band).map(([from, to]) => html`<rect class="band" x="${at(from)}" y="${TOP - 6}" width="${round(at(to) - at(from))}" height="${axisY - TOP + 6}"/>`)}
${legs.map(
  (leg, lane) =>
    html`${laneName(leg, LEFT - 12, TOP + lane * LANE + 10)}${conditionBar(legSpans(manifest, leg), x, TOP + lane * LANE)}${memberLine(memberSpans(manifest, leg), x, TOP + lane * LANE + 15)}${edges(
      events.filter((event) => 'leg' in event && event.leg === leg),
      x,
      TOP + lane * LANE,
    )}`,
)}
${daemons.map(
  ({ name, spans }, lane) =>
    html`${laneName(name, LEFT - 12, daemonsY + lane * LANE + 10)}${conditionBar(spans, x, daemonsY + lane * LANE)}${edges(
      events.filter((event) => event.type === 'daemon' && `${event.node} ${event.what}` === name),
      x,
      daemonsY + lane * LANE,
    )}`,
)}
${marks.map((mark, index) => html`<g class="mark"><line x1="${at(ms(mark.fromNs))}" y1="${TOP - 8}" x2="${at(ms(mark.fromNs))}" y2="${axisY}"/><text x="${at(ms(mark.fromNs))}" y="${TOP - 12}" text-anchor="middle">${index + 1}<title>${mark.text}</title></text></g>`)}
${leaves.map((leaf, lane) => html`${laneName(leaf, LEFT - 12, leavesY + lane * STRIP + 13)}${leafStrip(deliveries, leaf, x, leavesY + lane * STRIP)}`)}
<line class="axis" x1="${LEFT}" y1="${axisY}" x2="${at(lengthMs)}" y2="${axisY}"/>
${ticks(lengthMs).map((tick) => html`<g class="tick"><line x1="${at(tick)}" y1="${axisY}" x2="${at(tick)}" y2="${axisY + 4}"/><text x="${at(tick)}" y="${axisY + 17}" text-anchor="middle">${tick === 0 ? '0' : millis(tick)}</text></g>`)}
</svg>`;
}

/** Marks where something was done to a leg or a daemon, with the verb where there is room. */
function edges(events: readonly FaultEvent[], x: Scale, y: number): readonly Markup[] {
  let free = -Infinity;
  return events.map((event) => {
    const at = x(BigInt(event.fromNs));
    const room = at >= free;
    if (room) free = at + Math.max(WORD, event.verb.length * 7);
    return html`<g class="edge"><line x1="${at}" y1="${y - 3}" x2="${at}" y2="${y + 15}"/>${room ? html`<text x="${at + 3}" y="${y + 28}">${event.verb}</text>` : null}</g>`;
  });
}

/** Don't-care times around edges, ms; those that overlap are one. */
function bandsOf(
  events: readonly FaultEvent[],
  ms: (ns: string) => number,
  band: number,
): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const [from, to] of events
    .map((event) => [ms(event.fromNs) - band, ms(event.toNs) + band] as const)
    .sort(([a], [b]) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}

/** The picture in words; repeats are named once. */
function wordsOf(events: readonly FaultEvent[], ms: (ns: string) => number): string {
  const said = new Set<string>();
  return events
    .flatMap((event) => {
      const what = `${'leg' in event ? event.leg : `${event.node} ${event.what}`} ${event.verb}`;
      if (event.repeats === true && said.has(what)) return [];
      said.add(what);
      return [`${what} at ${millis(ms(event.fromNs))}`];
    })
    .join('; ');
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
