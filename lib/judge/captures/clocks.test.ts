import { expect, test } from '@playwright/test';
import type { KindId } from '../../wire/kinds.js';
import { DEFAULT_PROFILE } from '../../profile/registry.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from '../testing/captures.js';

/** Which leaf hears the sighting of this number, as a replicator that is off leaves it. */
type Share = (sighting: number, of: number) => number;

const HALVES: Share = (sighting, of) => (sighting < of / 2 ? 0 : 1);
const IN_TURN: Share = (sighting) => sighting % 2;

/** Frames that say the same `times` times, 1 s apart, each on one leaf only. */
function off(
  contents: readonly { readonly kind: KindId; readonly at: number }[],
  times: number,
  share: Share,
): MadeCaptures {
  const captures = makeCaptures();
  captures.alive(0, 60 * SECOND);
  for (const { kind, at } of contents)
    for (let i = 0; i < times; i++) captures.see(share(i, times), at + i * SECOND, plainFrame(kind));
  return captures;
}

const ASKING = [{ kind: 'arp-request-broadcast', at: 10_500 * MS }] as const;
const TWO = [...ASKING, { kind: 'ns-multicast', at: 22_300 * MS }] as const;

for (const [what, captures] of [
  ['three of six frames that say the same, then the other three', off(ASKING, 6, HALVES)],
  ['every other one of six', off(ASKING, 6, IN_TURN)],
  ['two of four, of two contents', off(TWO, 4, HALVES)],
  ['every other one of four, of two contents', off(TWO, 4, IN_TURN)],
] as const) {
  test(`leaves that hear ${what}, have no clocks that are seconds apart`, () => {
    const { judgement } = judgeFiles(captures.files());
    expect(judgement.clock).toEqual({});
    expect(judgement.verdict).not.toBe('pass');
  });
}

test('clocks that may be seconds apart or not are no reason to miss frames', () => {
  const captures = makeCaptures();
  captures.alive(0, 60 * SECOND);
  for (const [variation, at] of [
    [1, 10.5],
    [2, 21.7],
    [3, 40.1],
  ] as const) {
    for (let i = 0; i < 3; i++) captures.all((at + i) * SECOND, plainFrame('arp-request-broadcast', { variation }));
  }
  const { judgement } = judgeFiles(captures.files([(at) => at, (at) => at + 3.5 * SECOND]));
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons.join()).toContain(
    'the clock of B.pcap could not be measured, and may be far off: the common frames repeat, so that it may be 3.5 s ahead or 2.5 s ahead',
  );
});

test('three frames that say the same tell that clocks agree: a coincidence is evidence', () => {
  const captures = makeCaptures();
  captures.alive(0, 60 * SECOND);
  for (let i = 0; i < 3; i++) captures.all((20 + i) * SECOND, plainFrame('arp-request-broadcast'));
  for (const ahead of [0, 30 * MS]) {
    const { judgement } = judgeFiles(captures.files([(at) => at, (at) => at + ahead]));
    expect(judgement.verdict).toBe('pass');
    expect(Math.abs(Number(judgement.clock['leaf-b']?.offsetNs) - ahead)).toBeLessThan(50 * US);
  }
});

test('frames of which each was there once tell clocks that are seconds apart', () => {
  const captures = makeCaptures();
  captures.alive(0, 60 * SECOND);
  for (let i = 0; i < 6; i++)
    captures.all(10 * SECOND + i * i * 700 * MS, plainFrame('arp-request-broadcast', { variation: i + 1 }));
  const { judgement } = judgeFiles(captures.files([(at) => at, (at) => at + 3.5 * SECOND]));
  expect(judgement.verdict).toBe('pass');
  expect(Number(judgement.clock['leaf-b']?.offsetNs)).toBeGreaterThan(3.4 * SECOND);
});

/** A number that looks like chance, from 0 to 1, of a whole one. */
function chance(i: number): number {
  return ((i * 48_271 + 11) % 7_919) / 7_919;
}

/** Half a minute of frames that each say something else; `lateNs` by leaf and number. */
function unrepeated(leaves: number, lateNs: (leaf: number, i: number) => number): MadeCaptures {
  const captures = makeCaptures(leaves);
  captures.alive(0, 40 * SECOND);
  for (let i = 1; i < 30; i++)
    for (let leaf = 0; leaf < leaves; leaf++)
      captures.see(
        leaf,
        i * 1_200 * MS + chance(i) * 40 * MS + lateNs(leaf, i),
        plainFrame('arp-request-broadcast', { variation: i }),
      );
  return captures;
}

test('copies that are late by ever other times are not what a clock that is not known explains', () => {
  const { judgement } = judgeFiles(unrepeated(2, (leaf, i) => leaf * (50 + 800 * chance(7 * i)) * MS).files());
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.clock).toEqual({});
  expect(judgement.reasons.join('\n')).toMatch(
    /Copies on leaf-b came from \S+ ms to \d+ ms after those on leaf-a: either they were late, or a clock ran away\./,
  );
});

test('copies that are always late by as much are what a clock that is not known explains', () => {
  const captures = makeCaptures();
  captures.alive(0, 40 * SECOND);
  for (const [variation, at] of [
    [1, 10],
    [2, 23],
  ] as const)
    for (const leaf of [0, 1])
      captures.see(
        leaf,
        at * SECOND + leaf * (600 * MS + at * 80 * US),
        plainFrame('arp-request-broadcast', { variation }),
      );
  const { judgement } = judgeFiles(captures.files());
  expect(judgement.clock).toEqual({});
  expect(judgement.verdict).toBe('pass');
});

test('one clock that is not known makes nobody late whose clock is', () => {
  // Leaf-c hears so few frames at so odd times that its clock cannot be measured; leaf-b is late now and then.
  const captures = makeCaptures(3);
  captures.alive(0, 40 * SECOND);
  for (let i = 1; i < 30; i++) {
    const at = i * 1_200 * MS + chance(i) * 40 * MS;
    captures.see(0, at, plainFrame('arp-request-broadcast', { variation: i }));
    captures.see(1, at + (i % 5 === 0 ? 300 * MS : 20 * US), plainFrame('arp-request-broadcast', { variation: i }));
    captures.see(2, at + i * 30 * MS, plainFrame('arp-request-broadcast', { variation: i }));
  }
  const { judgement } = judgeFiles(captures.files());
  expect(Object.keys(judgement.clock)).toEqual(['leaf-b']);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons.join('\n')).toMatch(/Copies on leaf-b came from \S+ \S+ to 300 ms after those on leaf-a/);
});

test('clocks are measured against a capture that has something in common with others', () => {
  const captures = unrepeated(3, (leaf) => leaf * 20 * US);
  const clocks = [(at: number) => at, (at: number) => at, (at: number) => at * (1 + 10e-6) + 3.5 * SECOND];
  const [whole = new Uint8Array(0), b = new Uint8Array(0), c = new Uint8Array(0)] = captures.files(clocks);
  // LLDP and half of a frame.
  const torn = whole.subarray(0, 24 + 16 + new DataView(whole.buffer, whole.byteOffset).getUint32(24 + 8, true) + 20);
  for (const [files, reference] of [
    [[torn, b, c], 'leaf-b'],
    [[torn.subarray(0, 24), b, c], 'leaf-b'],
    [[torn, torn, b, c], 'leaf-c'],
  ] as const) {
    const { judgement } = judgeFiles(files);
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.reasons.join('\n')).not.toContain('never saw');
    expect(judgement.clock[reference]).toBeUndefined();
    const last = Object.values(judgement.clock);
    expect(last[0]?.against).toBe(reference);
    expect(last).toHaveLength(1);
    expect(Math.abs(Number(last[0]?.offsetNs) - 3.5 * SECOND)).toBeLessThan(MS);
    expect(judgement.skew?.maxNs ?? 0).toBeLessThan(MS);
  }
});

test('a leaf that has nothing in common with the others is taken as it stands', () => {
  const captures = makeCaptures(3);
  captures.alive(0, 40 * SECOND);
  for (let i = 1; i < 30; i++) {
    const at = i * 1_200 * MS + chance(i) * 40 * MS;
    captures.see(0, at, plainFrame('ns-unicast', { variation: 100 + i }));
    for (const leaf of [1, 2])
      captures.see(leaf, at + 500 * MS + leaf * 20 * US, plainFrame('arp-request-broadcast', { variation: i }));
  }
  const { judgement } = judgeFiles(captures.files([(at) => at, (at) => at, (at) => at + 2.5 * SECOND]));
  expect(judgement.verdict).toBe('fail');
  expect(judgement.byLeaf).toMatchObject({
    'leaf-a': { missing: 29 },
    'leaf-b': { missing: 29 },
    'leaf-c': { missing: 29 },
  });
});

test('what leaves say themselves tells nothing of their clocks, where hosts do', () => {
  const captures = unrepeated(2, (leaf) => leaf * 20 * US);
  // Both gateways have one MAC and one address, and announce them on timers of their own; the capture has both
  // directions.
  for (let i = 1; i < 60; i++)
    for (const leaf of [0, 1])
      captures.see(
        leaf,
        i * 600 * MS + ((i * i * 31) % 97) * 3 * MS + leaf * 3.2 * SECOND,
        plainFrame('garp-request', { host: 200, variation: i, tags: [{ tpid: 0x8100, vid: i, pcp: 0, dei: false }] }),
      );
  const { judgement } = judgeFiles(captures.files());
  expect(judgement.verdict).toBe('pass');
  expect(Math.abs(Number(judgement.clock['leaf-b']?.offsetNs))).toBeLessThan(MS);
});

test('frames of hosts that were not asked for tell the clock, where the others do not', () => {
  const captures = makeCaptures();
  captures.alive(0, 40 * SECOND);
  captures.all(20 * SECOND, plainFrame('arp-request-broadcast'));
  for (let i = 1; i < 30; i++)
    captures.all(i * 1_200 * MS + chance(i) * 40 * MS, plainFrame('arp-request-broadcast', { host: 77, variation: i }));
  const { judgement } = judgeFiles(captures.files([(at) => at, (at) => at + 2.5 * SECOND]));
  expect(judgement.verdict).toBe('pass');
  expect(judgement.clock['leaf-b']).toBeDefined();
});

test('skew is judged only where clocks are known, and that it was not is said', () => {
  const profile = { ...DEFAULT_PROFILE, maxSkewNs: 5 * MS };
  const captures = makeCaptures();
  captures.alive(0, 40 * SECOND);
  for (const [variation, at] of [
    [1, 10],
    [2, 23],
  ] as const)
    for (const leaf of [0, 1])
      captures.see(leaf, at * SECOND + leaf * 600 * MS, plainFrame('arp-request-broadcast', { variation }));
  const { judgement } = judgeFiles(captures.files(), { profile });
  expect(judgement.verdict).toBe('pass');
  expect(judgement.findings.map(({ sentence }) => sentence).join('\n')).toContain(
    'How far copies came apart was not judged',
  );
  const known = judgeFiles(unrepeated(2, (leaf, i) => leaf * (i === 9 ? 5_100 * US : (i % 3) * US)).files(), {
    profile,
  }).judgement;
  expect(known.verdict).toBe('fail');
});

test('what repeats as slowly as clocks that are not known are trusted is not missing for it', () => {
  for (const jitter of [10 * US, 30 * US, 2 * MS, 40 * MS]) {
    for (const ahead of [0, 20 * US, 700 * MS]) {
      const captures = makeCaptures();
      captures.alive(0, 60 * SECOND);
      for (let i = 1; i < 59; i++)
        for (const leaf of [0, 1])
          captures.see(
            leaf,
            i * SECOND + Math.floor(chance(i) * jitter) + leaf * (20 + (i % 5) * 10) * US,
            plainFrame('garp-request'),
          );
      const { judgement } = judgeFiles(captures.files([(at) => at, (at) => at + ahead]));
      expect({ jitter, ahead, verdict: judgement.verdict, missing: judgement.totals.missing }).not.toMatchObject({
        verdict: 'fail',
      });
    }
  }
});
