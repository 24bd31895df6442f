import type { NeighborHistory, TrafficHistory } from '../../evidence/types.js';
import type { Delivery } from '../../judge/types.js';
import { html, type Markup } from './markup.js';

const LEFT = 190;
const WIDTH = 1236;
const RIGHT = 20;
const TOP = 26;
/** Lanes of one leaf: missing copies and lost entries, then one line per host route. */
const MISSING = 22;
const ROUTE = 5;
const GAP = 12;
const LOSS = 64;
const BIN_MS = 100;

export interface OutagePicture {
  readonly traffic: TrafficHistory;
  readonly neighbors: NeighborHistory | undefined;
  readonly deliveries: readonly Delivery[];
  readonly leaves: readonly string[];
}

/**
 * Cause and effect on one axis: copies that a leaf never got, entries that it lost, host routes over it, and packets
 * that never arrived. Geometry only.
 */
export function trafficSvg({ traffic, neighbors, deliveries, leaves }: OutagePicture): Markup {
  const start = BigInt(traffic.fromNs);
  const lengthMs = Math.max(Number(BigInt(traffic.toNs) - start) / 1e6, 1);
  const ms = (ns: string): number => Number(BigInt(ns) - start) / 1e6;
  const x = (at: number): number =>
    Math.round((LEFT + (Math.min(Math.max(at, 0), lengthMs) / lengthMs) * (WIDTH - LEFT - RIGHT)) * 10) / 10;
  const inside = (ns: string): boolean => ms(ns) >= 0 && ms(ns) <= lengthMs;
  const laneHeight = MISSING + traffic.wanted.length * ROUTE + GAP;
  const lossY = TOP + leaves.length * laneHeight;
  const axisY = lossY + LOSS + 6;
  const bins = lossBins(traffic, ms, lengthMs);
  const most = Math.max(1, ...bins);
  const lost = traffic.streams.reduce((sum, stream) => sum + stream.lostNs.length, 0);
  const name = (text: string, y: number): Markup =>
    html`<text class="lane-name" x="${LEFT - 12}" y="${y}" text-anchor="end">${text}</text>`;
  return html`<svg class="timeline-svg" viewBox="0 0 ${WIDTH} ${axisY + 24}" width="${WIDTH}" height="${axisY + 24}" role="img" aria-label="${`${lost} packets lost; see the sentences beside the picture`}">
${traffic.outages.map(({ what, fromNs, toNs }) => html`<rect class="band" x="${x(ms(fromNs))}" y="${TOP - 10}" width="${Math.max(1, Math.round(x(ms(toNs)) - x(ms(fromNs))))}" height="${axisY - TOP + 10}"><title>${what}</title></rect>`)}
${leaves.map((leaf, index) => {
  const y = TOP + index * laneHeight;
  const missing = deliveries.filter(
    (delivery) => delivery.leaves[leaf]?.outcome === 'missing' && inside(delivery.sentNs),
  );
  const gone = (neighbors?.events ?? []).filter(
    (event) => event.leaf === leaf && (event.state === 'FAILED' || event.state === 'DELETED') && inside(event.atNs),
  );
  return html`${name(`${leaf}: missing`, y + 10)}<line class="axis" x1="${LEFT}" y1="${y + 12}" x2="${x(lengthMs)}" y2="${y + 12}"/>${missing.map((delivery) => html`<line class="missing-copy" x1="${x(ms(delivery.sentNs))}" y1="${y}" x2="${x(ms(delivery.sentNs))}" y2="${y + 12}"/>`)}${gone.map((event) => html`<text class="entry-lost" x="${x(ms(event.atNs))}" y="${y + 21}" text-anchor="middle">×<title>${`${leaf} lost its entry for ${event.ip}`}</title></text>`)}
${name('host routes over it', y + MISSING + 10)}${traffic.wanted.map((ip, route) => spans(traffic, ip, leaf).map(([from, to]) => html`<rect class="route" x="${x(ms(from))}" y="${y + MISSING + route * ROUTE}" width="${Math.max(0.5, Math.round((x(ms(to)) - x(ms(from))) * 10) / 10)}" height="${ROUTE - 1.5}"><title>${ip}</title></rect>`))}`;
})}
${name(`${traffic.client} lost`, lossY + LOSS - 2)}${name(`up to ${most} in ${BIN_MS} ms`, lossY + 10)}${bins.map((count, bin) => (count === 0 ? null : html`<rect class="lost" x="${x(bin * BIN_MS)}" y="${Math.round(lossY + LOSS - (count / most) * LOSS)}" width="${Math.max(1, Math.round(x((bin + 1) * BIN_MS) - x(bin * BIN_MS)))}" height="${Math.round((count / most) * LOSS)}"><title>${`${count} lost`}</title></rect>`))}
<line class="axis" x1="${LEFT}" y1="${axisY}" x2="${x(lengthMs)}" y2="${axisY}"/>
${Array.from({ length: Math.floor(lengthMs / 1_000) + 1 }, (_, second) => html`<g class="tick"><line x1="${x(second * 1_000)}" y1="${axisY}" x2="${x(second * 1_000)}" y2="${axisY + 4}"/><text x="${x(second * 1_000)}" y="${axisY + 17}" text-anchor="middle">${second} s</text></g>`)}
</svg>`;
}

function lossBins(traffic: TrafficHistory, ms: (ns: string) => number, lengthMs: number): readonly number[] {
  const bins = Array.from({ length: Math.ceil(lengthMs / BIN_MS) }, () => 0);
  for (const at of traffic.streams.flatMap((stream) => stream.lostNs)) {
    const bin = Math.min(bins.length - 1, Math.max(0, Math.floor(ms(at) / BIN_MS)));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}

/** When the spine had a route to the address over the leaf. */
function spans(traffic: TrafficHistory, ip: string, leaf: string): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  let since: string | null = null;
  for (const route of traffic.routes.filter((one) => one.ip === ip)) {
    const over = route.leaves.includes(leaf);
    if (over && since === null) since = route.atNs;
    if (!over && since !== null) {
      found.push([since, route.atNs]);
      since = null;
    }
  }
  return since === null ? found : [...found, [since, traffic.toNs]];
}
