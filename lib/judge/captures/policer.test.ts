import { expect, test } from '@playwright/test';
import { verdictSentence } from '../tell/text.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US } from '../testing/captures.js';
import type { Judgement } from '../types.js';
import type { ClaimName, Vantage } from '../vantage/vantages.js';

const KINDS = ['arp-reply-unicast', 'na-solicited', 'ns-multicast', 'arp-request-broadcast'] as const;
const HOSTS = [10, 11, 12, 13];

/** Numbers that look like chance, and are the same each time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

interface Frame {
  readonly at: number;
  readonly host: number;
  readonly kind: (typeof KINDS)[number];
}

/** Quiet seconds and storms in turn. */
function traffic(seed: number, quiet: number, storm: number): Frame[] {
  const random = dice(seed);
  const frames: Frame[] = [];
  for (let at = 500 * MS; at < 12 * SECOND;) {
    const rate = Math.floor(at / SECOND) % 3 === 1 ? storm : quiet;
    at += Math.max(0.2 * MS, (-Math.log(1 - random()) * SECOND) / rate);
    frames.push({
      at,
      host: HOSTS[Math.floor(random() * HOSTS.length)] ?? 10,
      kind: KINDS[Math.floor(random() * KINDS.length)] ?? 'ns-multicast',
    });
  }
  return frames;
}

type Drops = (frames: readonly Frame[]) => readonly boolean[];

const policer =
  (rate: number, burst: number): Drops =>
  (frames) => {
    let [tokens, last] = [burst, 0];
    return frames.map(({ at }) => {
      tokens = Math.min(burst, tokens + ((at - last) * rate) / SECOND);
      last = at;
      if (tokens < 1) return true;
      tokens -= 1;
      return false;
    });
  };
const byChance =
  (share: number): Drops =>
  (frames) => {
    const random = dice(99);
    return frames.map(() => random() < share);
  };

/** No two frames say the same: the number stands in the target's address. */
function numbered(frame: Uint8Array, i: number): Uint8Array {
  const at = frame[13] === 0x06 ? 40 : 74;
  frame[at] = i >> 8;
  frame[at + 1] = i & 0xff;
  return frame;
}

function judged(
  frames: readonly Frame[],
  drops: Drops,
  vantage?: Vantage,
  demanded: readonly ClaimName[] | null = null,
): Judgement {
  const captures = makeCaptures();
  captures.alive(0, 13 * SECOND);
  const isDropped = drops(frames);
  frames.forEach(({ at, host, kind }, i) => {
    const frame = numbered(plainFrame(kind, { host, variation: i + 1 }), i);
    captures.see(0, at, frame);
    if (isDropped[i] !== true) captures.see(1, at + (15 + (i % 9) * 7) * US, frame);
  });
  return judgeFiles(captures.files(), {
    hosts: HOSTS.map((host) => `02:00:00:00:01:${host.toString(16).padStart(2, '0')}`),
    declared: { demanded, vantages: new Map(vantage === undefined ? [] : [['leaf-b', vantage]]) },
  }).judgement;
}

for (const [rate, burst, quiet, storm] of [
  [600, 600, 30, 2_000],
  [200, 20, 100, 400],
  [100, 50, 20, 300],
  [20, 5, 5, 60],
] as const)
  test(`what a policer of ${rate} a second drops is not known to be missing`, () => {
    const frames = traffic(rate, quiet, storm);
    const judgement = judged(frames, policer(rate, burst));
    expect(judgement).toMatchObject({ verdict: 'inconclusive', totals: { missing: 0 } });
    const [, told = ''] = /lets about (\d+) a second through/.exec(judgement.reasons.join()) ?? [];
    expect(Number(told)).toBeGreaterThan(rate * 0.8);
    expect(Number(told)).toBeLessThan(rate * 1.2);
    expect(verdictSentence(judgement)).toContain('that a copy is missing');
    // No other demand makes a pass of it.
    expect(judged(frames, policer(rate, burst), undefined, ['once']).verdict).toBe('inconclusive');
    // Counters that stood still, and a place where nothing is policed, leave the replicator.
    for (const vantage of [
      { name: null, losses: 0 },
      { name: 'trap', losses: 0 },
      { name: 'port', losses: null },
    ] as const) {
      const sure = judged(frames, policer(rate, burst), vantage);
      expect(sure.verdict).toBe('fail');
      expect(sure.byLeaf['leaf-b']?.missing).toBeGreaterThan(7);
    }
  });

test('where each frame is on one leaf alone, no policer is looked for: no replicator looks like that', () => {
  const frames = traffic(200, 100, 400);
  const isOnA = policer(200, 20)(frames);
  const captures = makeCaptures();
  captures.alive(0, 13 * SECOND);
  frames.forEach(({ at, host, kind }, i) => {
    captures.see(isOnA[i] === true ? 0 : 1, at, numbered(plainFrame(kind, { host, variation: i + 1 }), i));
  });
  const { judgement } = judgeFiles(captures.files(), {
    hosts: HOSTS.map((host) => `02:00:00:00:01:${host.toString(16).padStart(2, '0')}`),
    isSharedClock: true,
  });
  const lost = isOnA.filter(Boolean).length;
  expect(judgement.verdict).toBe('fail');
  expect(judgement.byLeaf).toMatchObject({
    'leaf-a': { missing: frames.length - lost },
    'leaf-b': { missing: lost },
  });
  expect(judgement.reasons.join()).not.toContain('policer');
});

test('a capture may begin in the middle of a storm, when the bucket is empty', () => {
  const frames = traffic(200, 100, 400);
  const drops = policer(200, 20);
  const middle = frames.findIndex((_, i) => drops(frames)[i] === true) + 40;
  const later = frames.slice(middle).map((frame) => ({ ...frame, at: frame.at - (frames[middle]?.at ?? 0) + 60 * MS }));
  const judgement = judged(later, () => drops(frames).slice(middle));
  expect(judgement).toMatchObject({ verdict: 'inconclusive', totals: { missing: 0 } });
});

const storms = traffic(7, 60, 800);
const isOf = (frame: Frame, ...kinds: readonly string[]): boolean => kinds.includes(frame.kind);

const NO_POLICER: Readonly<Record<string, Drops>> = {
  'a tenth by chance': byChance(0.1),
  'a hundredth by chance': byChance(0.01),
  'every tenth': (frames) => frames.map((_, i) => i % 10 === 3),
  'every fiftieth': (frames) => frames.map((_, i) => i % 50 === 3),
  'every reply': (frames) => frames.map((frame) => isOf(frame, 'arp-reply-unicast', 'na-solicited')),
  'every ND frame': (frames) => frames.map((frame) => isOf(frame, 'na-solicited', 'ns-multicast')),
  'all of one host': (frames) => frames.map(({ host }) => host === 11),
  'all for a second': (frames) => frames.map(({ at }) => at > 4 * SECOND && at < 5 * SECOND),
  'one frame of a storm': (frames) => frames.map((_, i) => i === 400),
  'five frames of a storm': (frames) => frames.map((_, i) => i >= 400 && i < 405),
  'ARP above a rate': (frames) => {
    const arp = frames.filter((frame) => isOf(frame, 'arp-reply-unicast', 'arp-request-broadcast'));
    const dropped = new Set(arp.filter((_, i) => policer(100, 20)(arp)[i] === true));
    return frames.map((frame) => dropped.has(frame));
  },
};

for (const [name, drops] of Object.entries(NO_POLICER))
  test(`no policer drops ${name}: that fails`, () => {
    const judgement = judged(storms, drops);
    expect(judgement.verdict).toBe('fail');
    expect(judgement.byLeaf['leaf-b']?.missing).toBeGreaterThan(0);
  });

/** One frame every 5 ms, as a generator sends them: each second or fourth one that is missing fits a token bucket. */
function steady(kindOf: (i: number) => Frame['kind']): Frame[] {
  return Array.from({ length: 2_000 }, (_, i) => ({ at: 500 * MS + i * 5 * MS, host: 10, kind: kindOf(i) }));
}

test('answers that are all missing are no policer, however evenly they come', () => {
  const frames = steady((i) => KINDS[[3, 0, 2, 1][i % 4] ?? 0] ?? 'ns-multicast');
  const drops: Drops = (all) => all.map((frame) => isOf(frame, 'arp-reply-unicast', 'na-solicited'));
  expect(judged(frames, drops)).toMatchObject({ verdict: 'fail', byLeaf: { 'leaf-b': { missing: 1000 } } });
});

test('what comes as evenly as a policer drops may be lost either way, and both are said', () => {
  const evenly: Drops = (all) => all.map((_, i) => i % 4 === 2);
  for (const kindOf of [
    (i: number) => KINDS[Math.floor(i / 4) % 4] ?? 'ns-multicast',
    // Only ARP is lost, and half of it.
    (i: number) => (i % 2 === 0 ? (KINDS[[0, 3][Math.floor(i / 4) % 2] ?? 0] ?? 'ns-multicast') : 'ns-multicast'),
  ]) {
    const judgement = judged(steady(kindOf), evenly);
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.reasons.join()).toMatch(
      /500 of 2000 neighbor frames are missing there just as a policer .* a replicator that happens to lose these .* --losses leaf-b=0/,
    );
    expect(judged(steady(kindOf), evenly, { name: null, losses: 0 }).verdict).toBe('fail');
  }
});
