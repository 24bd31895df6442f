import type { Fabric, Leg, Topology } from './model.js';
import { planeText, vlanText } from './picture.js';

/** All lengths are in SVG user units, which are CSS pixels at natural size. */
const COLUMN = 176;
const BOX = 152;
const MARGIN = 16;
/** Upper estimate of a character's width at 13 px, over the fonts that `system-ui` may be. */
const CHARACTER = 7.3;
const LABEL_GAP = 12;
const LEAF = { y: 16, height: 44 };
const HOST_Y = 192;
const BOND = { y: HOST_Y + 30, height: 32 };
const SENDER = { y: BOND.y + BOND.height + 28, height: 62, step: 90 };

export interface SvgOptions {
  /** Names of legs that are drawn as down. */
  readonly deadLegs?: readonly string[];
  /** The picture's title for screen readers and tooltips; the topology's name when absent. */
  readonly title?: string;
}

/**
 * The wiring as one SVG element, without ids, scripts or outside references, so that one page can hold any number of
 * them. It is drawn in `currentColor`; a page may set `--topology-dead` for legs that are down, which are dashed and
 * crossed as well.
 *
 * @throws RangeError when `deadLegs` names a leg that the topology does not have.
 */
export function topologySvg(topology: Topology, options: SvgOptions = {}): string {
  const dead = new Set(options.deadLegs ?? []);
  for (const name of dead) {
    if (!topology.legs.some((leg) => leg.name === name))
      throw new RangeError(
        `no leg "${name}" in topology "${topology.name}"; it has ${topology.legs.map((leg) => leg.name).join(', ')}`,
      );
  }
  const senders = senderBoxes(topology);
  const perRow = Math.max(4, topology.legs.length);
  const rows = Math.ceil(senders.length / perRow);
  const columns = Math.max(topology.legs.length, Math.min(senders.length, perRow));
  // Labels are right of their leg, so those of the last leg may reach beyond its column.
  const labels = topology.legs.flatMap(({ name, hostPort, leafPort }) => [
    name.length,
    hostPort.length,
    leafPort.length,
  ]);
  const margin = Math.max(MARGIN, Math.ceil(LABEL_GAP + Math.max(...labels) * CHARACTER - COLUMN / 2 + MARGIN / 2));
  const width = columns * COLUMN + 2 * margin;
  const hostHeight = SENDER.y - HOST_Y + rows * SENDER.step;
  const height = HOST_Y + hostHeight + MARGIN;
  const centre = (index: number, count: number): number => width / 2 + (index - (count - 1) / 2) * COLUMN;
  const first = centre(0, topology.legs.length);
  const last = centre(topology.legs.length - 1, topology.legs.length);
  const bond = { x: first - BOX / 2, width: last - first + BOX };
  const { host } = topology;
  const parts = [
    `<title>${escape(options.title ?? topology.name)}</title>`,
    `<desc>${escape(description(topology, dead))}</desc>`,
    `<style>${STYLE}</style>`,
    box(margin - MARGIN / 2, HOST_Y, width - 2 * margin + MARGIN, hostHeight, 'host'),
    text(margin + 4, HOST_Y + 19, host.node, 'name'),
    ...senders.map((sender, index) => {
      const row = Math.floor(index / perRow);
      const inRow = Math.min(perRow, senders.length - row * perRow);
      const x = centre(index % perRow, inRow);
      const y = SENDER.y + row * SENDER.step;
      // Only the first row has a free path up to the bond; its lines stand for the rows below, too.
      const wire = row === 0 ? wireToBond(x, y, bond) : '';
      return `<g>${wire}${box(x - BOX / 2, y, BOX, SENDER.height, 'node')}${text(x, y + 19, sender.name, 'name middle')}${text(x, y + 36, sender.detail, 'middle')}${text(x, y + 53, sender.mac, 'mono middle')}</g>`;
    }),
    box(bond.x, BOND.y, bond.width, BOND.height, 'bond'),
    text(
      bond.x + bond.width / 2,
      BOND.y + 21,
      `${host.plane.bond ?? host.plane.traits.kind}: ${planeText(host)}`,
      'middle',
    ),
    ...topology.legs.map((leg, index) => drawLeg(leg, centre(index, topology.legs.length), dead.has(leg.name))),
  ];
  const { fabric } = topology;
  const above = fabric === undefined ? 0 : FABRIC_HEIGHT;
  const body =
    fabric === undefined
      ? parts.join('')
      : [
          ...parts.slice(0, HEAD),
          ...drawFabric(
            fabric,
            width / 2,
            topology.legs.map((leg, index) => ({ leaf: leg.leaf, x: centre(index, topology.legs.length) })),
          ),
          `<g transform="translate(0 ${above})">`,
          ...parts.slice(HEAD),
          '</g>',
        ].join('');
  const whole = height + above;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="everyleaf-topology" role="img" viewBox="0 0 ${width} ${whole}" width="${width}" height="${whole}">${body}</svg>`;
}

/** Title, description and style come before everything that is drawn. */
const HEAD = 3;
/** Client and spine, one above the other, and the links down to the leaves. */
const FABRIC_HEIGHT = 200;

function drawFabric(
  { spine, client, uplinks }: Fabric,
  x: number,
  leaves: readonly { readonly leaf: string; readonly x: number }[],
): string[] {
  const spineY = LEAF.y + LEAF.height + 28;
  const foot = spineY + LEAF.height;
  return [
    `<line x1="${x}" y1="${LEAF.y + LEAF.height}" x2="${x}" y2="${spineY}"/>`,
    box(x - BOX / 2, LEAF.y, BOX, LEAF.height, 'node'),
    text(x, LEAF.y + 27, client.node, 'name middle'),
    box(x - BOX / 2, spineY, BOX, LEAF.height, 'node'),
    text(x, spineY + 27, spine, 'name middle'),
    ...leaves.flatMap((leaf) => {
      const uplink = uplinks.find((one) => one.leaf === leaf.leaf);
      const top = LEAF.y + FABRIC_HEIGHT;
      return [
        `<line x1="${x}" y1="${foot}" x2="${leaf.x}" y2="${top}"/>`,
        `<circle cx="${leaf.x}" cy="${top}" r="4"/>`,
        text(leaf.x + LABEL_GAP, top - 8, uplink?.leafPort ?? '', 'port'),
      ];
    }),
  ];
}

/** Every rule is scoped, because a style element inside an SVG applies to the whole page around it. */
const STYLE = [
  'svg.everyleaf-topology{max-width:100%;height:auto;font:13px system-ui,sans-serif}',
  'svg:root.everyleaf-topology{color-scheme:light dark;color:CanvasText}',
  '.everyleaf-topology rect{fill:none;stroke:currentColor;stroke-width:1.5}',
  '.everyleaf-topology .host{stroke-opacity:.55;stroke-dasharray:1 3;stroke-linecap:round}',
  '.everyleaf-topology .bond{fill:currentColor;fill-opacity:.09}',
  '.everyleaf-topology line,.everyleaf-topology polyline{stroke:currentColor;stroke-width:1.5;fill:none}',
  '.everyleaf-topology circle{fill:currentColor}',
  '.everyleaf-topology text{fill:currentColor}',
  '.everyleaf-topology .name{font-weight:600}',
  '.everyleaf-topology .middle{text-anchor:middle}',
  '.everyleaf-topology .mono{font:12px ui-monospace,monospace}',
  '.everyleaf-topology .port{font-size:12px;opacity:.8}',
  '.everyleaf-topology .dead{color:var(--topology-dead,currentColor)}',
  '.everyleaf-topology .dead .cable{stroke-dasharray:5 5}',
].join('');

function senderBoxes(
  topology: Topology,
): readonly { readonly name: string; readonly detail: string; readonly mac: string }[] {
  const { host } = topology;
  return [
    { name: `${host.nic} (own stack)`, detail: vlanText(topology, host), mac: host.mac },
    ...topology.vms.map((vm) => ({ name: vm.node, detail: shorten(vlanText(topology, vm), 22), mac: vm.mac })),
  ];
}

/** Straight up when the bond is above the sender, else up and along to the bond's side. */
function wireToBond(x: number, top: number, bond: { readonly x: number; readonly width: number }): string {
  const foot = BOND.y + BOND.height;
  if (x >= bond.x && x <= bond.x + bond.width) return `<line x1="${x}" y1="${top}" x2="${x}" y2="${foot}"/>`;
  const side = x < bond.x ? bond.x : bond.x + bond.width;
  return `<polyline points="${x},${top} ${x},${BOND.y + BOND.height / 2} ${side},${BOND.y + BOND.height / 2}"/>`;
}

function drawLeg(leg: Leg, x: number, isDead: boolean): string {
  const top = LEAF.y + LEAF.height;
  const middle = (top + HOST_Y) / 2;
  const cross = isDead
    ? `<line x1="${x - 7}" y1="${middle - 7}" x2="${x + 7}" y2="${middle + 7}"/><line x1="${x - 7}" y1="${middle + 7}" x2="${x + 7}" y2="${middle - 7}"/>`
    : '';
  return [
    `<g${isDead ? ' class="dead"' : ''}>`,
    box(x - BOX / 2, LEAF.y, BOX, LEAF.height, 'node'),
    text(x, LEAF.y + 27, leg.leaf, 'name middle'),
    `<line class="cable" x1="${x}" y1="${top}" x2="${x}" y2="${BOND.y}"/>`,
    `<circle cx="${x}" cy="${top}" r="4"/><circle cx="${x}" cy="${BOND.y}" r="4"/>`,
    text(x + LABEL_GAP, top + 20, leg.leafPort, 'port'),
    text(x + LABEL_GAP, middle + (isDead ? -3 : 5), leg.name, ''),
    isDead ? text(x + LABEL_GAP, middle + 13, 'down', 'name') : '',
    // Above the host's border, which no text may cross.
    text(x + LABEL_GAP, HOST_Y - 8, leg.hostPort, 'port'),
    cross,
    '</g>',
  ].join('');
}

/** What the picture shows, for readers who cannot see it. */
function description(topology: Topology, dead: ReadonlySet<string>): string {
  const { host } = topology;
  const legs = topology.legs.map(
    (leg) => `${leg.name} from ${leg.hostPort} to ${leg.leaf}${dead.has(leg.name) ? ', down' : ''}`,
  );
  const vms = topology.vms.map((vm) => `${vm.node} on ${vlanText(topology, vm)}`);
  const above =
    topology.fabric === undefined
      ? ''
      : ` Above the leaves: ${topology.fabric.spine}, with ${topology.fabric.client.node} behind it.`;
  return `${host.node} with ${host.plane.bond ?? host.plane.traits.kind} (${host.plane.traits.variant}). Legs: ${legs.join('; ')}. VMs: ${vms.join('; ')}.${above}`;
}

const shorten = (long: string, length: number): string =>
  long.length > length ? `${long.slice(0, length - 1)}…` : long;

const box = (x: number, y: number, width: number, height: number, style: string): string =>
  `<rect class="${style}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`;

const text = (x: number, y: number, content: string, style: string): string =>
  `<text${style === '' ? '' : ` class="${style}"`} x="${x}" y="${y}">${escape(content)}</text>`;

/** XML 1.0 forbids control characters, escaped or not. */
function escape(raw: string): string {
  return raw
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (char) => `&#${char.codePointAt(0) ?? 0};`);
}
