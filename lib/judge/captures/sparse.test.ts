import { expect, test } from '@playwright/test';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from '../testing/captures.js';
import { clocksOf, sparseCaptures, type Sparse, type Wrong } from '../testing/sparse.js';
import type { Judgement } from '../types.js';

const MINUTE = 60;
const SHAPES: readonly Omit<Sparse, 'seed'>[] = [
  { seconds: 15 * MINUTE, everySeconds: 60, hosts: [10, 11], aheadSeconds: 3.2, ppm: 20 },
  { seconds: 15 * MINUTE, everySeconds: 60, hosts: [10], aheadSeconds: -1.7, ppm: 100 },
  { seconds: 20 * MINUTE, everySeconds: 30, hosts: [10, 11, 12], aheadSeconds: 61.4, ppm: -55 },
  { seconds: 30 * MINUTE, everySeconds: 60, hosts: [10, 11], aheadSeconds: 600.13, ppm: 40 },
  { seconds: 30 * MINUTE, everySeconds: 120, hosts: [10], aheadSeconds: 1_801.7, ppm: 70 },
  { seconds: 60 * MINUTE, everySeconds: 300, hosts: [10], aheadSeconds: 3_599.2, ppm: 100 },
  { seconds: 60 * MINUTE, everySeconds: 60, hosts: [10, 11], aheadSeconds: -3_333.3, ppm: -100 },
  { seconds: 60 * MINUTE, everySeconds: 20, hosts: [10, 11], aheadSeconds: 12.9, ppm: 33 },
  { seconds: 180 * MINUTE, everySeconds: 60, hosts: [10, 11], aheadSeconds: 45.6, ppm: 80 },
  { seconds: 180 * MINUTE, everySeconds: 300, hosts: [10, 11], aheadSeconds: 2_000.8, ppm: -20 },
  { seconds: 480 * MINUTE, everySeconds: 60, hosts: [10], aheadSeconds: 3.2, ppm: 60 },
];

function judged(shape: Sparse, wrong?: Wrong): Judgement {
  const hosts = shape.hosts.map((host) => `02:00:00:00:01:${host.toString(16).padStart(2, '0')}`);
  return judgeFiles(sparseCaptures(shape, wrong).files(clocksOf(shape)), { hosts }).judgement;
}

SHAPES.forEach((shape, seed) => {
  const name = `${shape.seconds / MINUTE} min, a frame of each of ${shape.hosts.length} in ${shape.everySeconds} s, ${shape.aheadSeconds} s and ${shape.ppm} ppm`;

  test(`${name}: offset and drift are found`, () => {
    const { verdict, reasons, clock, totals } = judged({ ...shape, seed });
    expect({ verdict, reasons }).toEqual({ verdict: 'pass', reasons: [] });
    expect(totals.missing).toBe(0);
    const { offsetNs, driftPpm } = clock['leaf-b'] ?? { offsetNs: '0', driftPpm: 0 };
    expect(Math.abs(driftPpm - shape.ppm)).toBeLessThan(1);
    expect(Math.abs(Number(offsetNs) - shape.aheadSeconds * SECOND)).toBeLessThan(5 * MS);
  });

  const one = Math.floor((shape.hosts.length * shape.seconds) / shape.everySeconds / 2);
  const twins = {
    missing: ({ index, frame }) => (index === one ? [] : [frame]),
    duplicate: ({ index, frame }) => (index === one ? [frame, frame] : [frame]),
    altered: ({ index, frame }) => {
      const other = frame.slice();
      if (index === one) other[11] = 0x77;
      return [other];
    },
  } as const satisfies Record<string, Wrong>;
  for (const [what, wrong] of Object.entries(twins))
    test(`${name}: one ${what} on leaf-b`, () => {
      const { verdict, reasons, byLeaf } = judged({ ...shape, seed }, wrong);
      expect({ verdict, reasons }).toMatchObject({ verdict: 'fail' });
      expect(byLeaf).toMatchObject({ 'leaf-a': { missing: 0, duplicate: 0, altered: 0 }, 'leaf-b': { [what]: 1 } });
    });
});

/** A spell of one frame that says the same, inside the time of both captures. */
interface Spell {
  readonly seconds: number;
  readonly from: number;
  readonly count: number;
  readonly everyMs: number;
  readonly aheadSeconds: number;
}

const SPELLS: readonly Spell[] = [
  { seconds: 30, from: 10.1, count: 10, everyMs: 1_000, aheadSeconds: 3.2 },
  { seconds: 30, from: 10.1, count: 10, everyMs: 1_000, aheadSeconds: -3.7 },
  { seconds: 60, from: 5, count: 50, everyMs: 1_000, aheadSeconds: 1_800.4 },
  { seconds: 60, from: 20, count: 6, everyMs: 1_000, aheadSeconds: 59.3 },
  { seconds: 20, from: 8, count: 30, everyMs: 200, aheadSeconds: 2.06 },
  { seconds: 120, from: 30, count: 12, everyMs: 5_000, aheadSeconds: 12.5 },
  { seconds: 600, from: 100, count: 100, everyMs: 1_000, aheadSeconds: 300.3 },
  { seconds: 45, from: 12, count: 6, everyMs: 500, aheadSeconds: 1.25 },
  { seconds: 45, from: 12, count: 20, everyMs: 1_000, aheadSeconds: -61 },
  { seconds: 3_600, from: 1_000, count: 300, everyMs: 1_000, aheadSeconds: 3_555.5 },
];

function spell({ seconds, from, count, everyMs, aheadSeconds }: Spell, copies: (i: number) => number): Judgement {
  const captures: MadeCaptures = makeCaptures();
  for (let at = 0; at <= seconds; at++)
    for (const leaf of [0, 1])
      captures.see(leaf, at * SECOND + 37 * MS + leaf * 44 * MS, plainFrame('lacpdu', { host: 99, variation: leaf }));
  for (let i = 0; i < count; i++) {
    const at = from * SECOND + i * everyMs * MS;
    captures.see(0, at, plainFrame('arp-request-broadcast'));
    for (let copy = 0; copy < copies(i); copy++)
      captures.see(1, at + (40 + ((i * 7) % 13)) * US + copy * 50 * US, plainFrame('arp-request-broadcast'));
  }
  return judgeFiles(captures.files([(at) => at, (at) => at + aheadSeconds * SECOND])).judgement;
}

for (const shape of SPELLS) {
  const name = `${shape.count} equal frames, one in ${shape.everyMs} ms, ${shape.aheadSeconds} s off`;

  test(`${name}: no failure, and no count of what is missing`, () => {
    const { verdict, totals, reasons } = spell(shape, () => 1);
    expect(['pass', 'inconclusive']).toContain(verdict);
    expect(totals).toMatchObject({ missing: 0, duplicate: 0 });
    if (verdict === 'inconclusive') expect(reasons).toEqual([expect.stringContaining('the common frames repeat')]);
  });

  test(`${name}: one that is missing, or doubled, in their midst fails at whatever offset`, () => {
    const middle = Math.floor(shape.count / 2);
    const missing = spell(shape, (i) => (i === middle ? 0 : 1));
    expect(missing.verdict).toBe('fail');
    expect(missing.byLeaf).toMatchObject({ 'leaf-a': { missing: 0 }, 'leaf-b': { missing: 1 } });
    const doubled = spell(shape, (i) => (i === middle ? 2 : 1));
    expect(doubled.verdict).toBe('fail');
    expect(doubled.byLeaf).toMatchObject({ 'leaf-a': { duplicate: 0 }, 'leaf-b': { duplicate: 1 } });
  });

  test(`${name}: a first one that is missing here and a last one there are not seen, and nothing passes`, () => {
    const captures = spell(shape, (i) => (i === 0 ? 0 : 1));
    expect(captures.verdict).not.toBe('pass');
  });
}
