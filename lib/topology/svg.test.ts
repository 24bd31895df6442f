import { defaultTopology } from '../testing/defaultLab.js';
import { expect, test } from '@playwright/test';
import type { Topology } from './model.js';
import { topologySvg } from './svg.js';

const dual = await defaultTopology('dual-leaf.yaml');
const quad = await defaultTopology('quad-leaf.yaml');

/** dual-leaf with so many legs and VMs, all names as long as names can be. */
function grown(legCount: number, vmCount: number): Topology {
  const [leg, leaf, vm] = [dual.legs[0], dual.leaves[0], dual.vms[0]];
  if (leg === undefined || leaf === undefined || vm === undefined) throw new Error('dual-leaf is empty');
  const name = (stem: string, i: number): string => `${stem}-with-a-long-name`.slice(0, 13) + String(10 + i);
  return {
    ...dual,
    leaves: Array.from({ length: legCount }, (_, i) => ({ ...leaf, name: name('leaf', i) })),
    legs: Array.from({ length: legCount }, (_, i) => ({
      ...leg,
      name: name('leg', i),
      leaf: name('leaf', i),
      hostPort: name('up', i),
      leafPort: name('down', i),
    })),
    vms: Array.from({ length: vmCount }, (_, i) => ({ ...vm, node: name('vm', i) })),
  };
}

interface Box {
  readonly what: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where each text would be, taking 7.3 units for a character: wider than the common fonts are on average at 13 px. */
function textBoxes(svg: string): Box[] {
  return [...svg.matchAll(/<text(?: class="([^"]*)")? x="([^"]+)" y="([^"]+)">([^<]*)<\/text>/g)].map(
    ([, style = '', x, y, what = '']) => {
      const width = what.length * 7.3;
      const left = Number(x) - (style.includes('middle') ? width / 2 : 0);
      return { what, left, right: left + width, top: Number(y) - 11, bottom: Number(y) + 4 };
    },
  );
}

const collide = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

for (const [legs, vms] of [
  [2, 2],
  [2, 3],
  [2, 9],
  [3, 4],
  [4, 3],
  [5, 2],
  [6, 6],
  [7, 3],
  [8, 20],
] as const) {
  test(`${legs} leaves, ${vms} VMs: no label stands on another or outside the picture`, () => {
    const topology = grown(legs, vms);
    const svg = topologySvg(topology, { deadLegs: topology.legs.map(({ name }) => name) });
    const boxes = textBoxes(svg);
    expect(boxes.length).toBe(2 + 5 * legs + 3 * (vms + 1));
    const pairs = boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter((b) => collide(a, b))
        .map((b) => `${a.what} / ${b.what}`),
    );
    expect(pairs).toEqual([]);
    const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? [];
    expect(boxes.filter((box) => box.left < 0 || box.right > width || box.top < 0 || box.bottom > height)).toEqual([]);
  });
}

test('all names are in the picture, and it says in words what it shows', () => {
  const svg = topologySvg(quad);
  const texts = textBoxes(svg).map(({ what }) => what);
  for (const { name, leaf, hostPort } of quad.legs)
    expect(texts).toEqual(expect.arrayContaining([name, leaf, hostPort]));
  for (const { node, mac } of quad.vms) expect(texts).toEqual(expect.arrayContaining([node, mac]));
  expect(texts).toEqual(expect.arrayContaining(['host', 'br0 (own stack)', 'bond0: balance-tcp, LACP', 'VLAN 20, 30']));
  expect(svg).toMatch(
    /^<svg [^>]*role="img"[^>]*><title>quad-leaf<\/title><desc>host with bond0 \(balance-tcp\)\. Legs: leg-a from up-a to leaf-a; /,
  );
});

test('a dead leg is dashed, crossed and named so; the others are not', () => {
  const svg = topologySvg(quad, { deadLegs: ['leg-b'], title: 'after unplug' });
  const groups = [...svg.matchAll(/<g class="dead">(.*?)<\/g>/g)].map(([, body = '']) => body);
  expect(groups).toHaveLength(1);
  expect(groups[0]).toContain('>down<');
  expect(groups[0]?.match(/<line /g)).toHaveLength(3);
  expect(svg).toContain('<title>after unplug</title>');
  expect(svg).toContain('leg-b from up-b to leaf-b, down;');
  expect(topologySvg(quad)).not.toContain('class="dead"');
  expect(() => topologySvg(quad, { deadLegs: ['leg-x'] })).toThrow(
    /no leg "leg-x" in topology "quad-leaf"; it has leg-a, leg-b, leg-c, leg-d/,
  );
});

test('it can stand in any page: no ids, no scripts, nothing from elsewhere, and texts stay texts', () => {
  const svg = topologySvg(dual, { title: '</title><script>alert("1")</script> & \u0000' });
  expect(svg).not.toMatch(/ id=|<script|href|url\(|@import/);
  expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
  expect(svg).toContain(
    '<title>&#60;/title&#62;&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62; &#38; \ufffd</title>',
  );
  for (const [, selectors = ''] of svg.matchAll(/([^{}>]+)\{[^}]*\}/g)) {
    for (const selector of selectors.split(',')) expect(selector).toContain('.everyleaf-topology');
  }
});
