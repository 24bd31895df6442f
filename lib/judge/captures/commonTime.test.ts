import { expect, test } from '@playwright/test';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from '../testing/captures.js';
import { AHEAD, minute, signatures } from '../testing/minute.js';

test('clocks are measured from copied data, and from altered copies, where nothing else is common', () => {
  const copied = makeCaptures();
  const altered = makeCaptures();
  for (const captures of [copied, altered]) captures.alive(0, 60 * SECOND);
  for (let i = 1; i < 80; i++) {
    const at = i * 700 * MS + ((i * i * 37) % 101) * MS;
    for (const leaf of [0, 1])
      copied.see(leaf, at + leaf * (20 + (i % 7) * 6) * US, plainFrame('data-udp', { variation: i }));
    const frame = plainFrame('ns-unicast', { variation: i });
    altered.see(0, at, frame);
    const other = Uint8Array.from(frame);
    other[11] = 0x77;
    altered.see(1, at + 40 * US, other);
  }
  for (const [captures, signature] of [
    [copied, 'data-replicated'],
    [altered, 'identity'],
  ] as const) {
    const { judgement } = judgeFiles(captures.files(AHEAD));
    expect(signatures(judgement)).toEqual([signature]);
    expect(judgement.clock['leaf-b']).toBeDefined();
  }
});

test('where nothing at all is common, captures of two seconds suffice', () => {
  const captures = makeCaptures();
  captures.alive(0, 2 * SECOND);
  for (let i = 1; i < 19; i++)
    captures.see(1, i * 100 * MS + 7 * MS, plainFrame('arp-reply-unicast', { variation: i }));
  const { judgement } = judgeFiles(captures.files());
  expect(signatures(judgement)).toEqual(['missing']);
  expect(judgement.byLeaf['leaf-a']?.missing).toBe(18);
});

test('only the time in which all captures were alive counts', () => {
  const captures = makeCaptures();
  const life = minute().files();
  expect(life).toHaveLength(2);
  captures.alive(20 * SECOND, 40 * SECOND);
  for (let i = 0; i < 300; i++) {
    const frame = plainFrame('ns-unicast', { variation: i + 1 });
    const at = i * 200 * MS + ((i * i * 13) % 71) * MS;
    captures.see(0, at, frame);
    if (at > 20 * SECOND && at < 40 * SECOND) captures.see(1, at + 30 * US, frame);
  }
  const { judgement } = judgeFiles(captures.files(AHEAD));
  expect(judgement.findings.map(({ verdict, sentence }) => `${verdict}: ${sentence}`)).toEqual([
    'note: Only 20 s of the 59.8 s that leaf-a was captured could be judged: leaf-b began last, and leaf-b ended first.',
    'note: Only what came well inside the time that all captures share is judged: 200 neighbor frames of hosts came before it (100 on leaf-a) and after it (100 on leaf-a).',
  ]);
  expect(judgement.verdict).toBe('pass');
  expect(judgement.totals.missing).toBe(0);
  expect(judgement.totals.probes).toBeGreaterThan(95);
  expect(judgement.totals.probes).toBeLessThan(101);
  expect(Number(BigInt(judgement.window.toNs) - BigInt(judgement.window.fromNs))).toBeLessThan(20.1 * SECOND);
});

test('captures that were never alive together are inconclusive', () => {
  const captures = makeCaptures();
  for (let i = 0; i < 50; i++) {
    captures.see(0, i * 100 * MS, plainFrame('ns-unicast', { variation: i + 1 }));
    captures.see(1, 100 * SECOND + i * 100 * MS, plainFrame('ns-unicast', { variation: i + 100 }));
  }
  const { judgement } = judgeFiles(captures.files());
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons.join()).toContain('There is no time in which both captures were alive');
});

test('exactly periodic traffic does not tell the offset: what repeats is not judged, what is not there at all is missing', () => {
  const periodic = (both: boolean, skewNs = 20 * US): MadeCaptures => {
    const captures = makeCaptures();
    captures.alive(0, 60 * SECOND);
    for (let i = 1; i < 59; i++) {
      captures.see(0, i * SECOND, plainFrame('arp-request-broadcast'));
      if (both) captures.see(1, i * SECOND + skewNs, plainFrame('arp-request-broadcast'));
    }
    return captures;
  };
  const unknown = judgeFiles(periodic(true).files()).judgement;
  expect(unknown.verdict).toBe('inconclusive');
  expect(unknown.reasons.join()).toContain('the common frames repeat, so that it may be 20 us ahead or 1 s behind');
  expect(unknown.clock).toEqual({});
  expect(judgeFiles(periodic(true, 40 * US).files(), { isSharedClock: true }).judgement.verdict).toBe('pass');
  const missing = judgeFiles(periodic(false).files()).judgement;
  expect(missing.verdict).toBe('fail');
  expect(signatures(missing)).toEqual(['missing']);
});

test('a replicator that is off leaves nothing in common: the clocks are taken as they stand', () => {
  const { judgement } = judgeFiles(minute(2, (_, leaf) => (leaf === 0 ? 1 : 0)).files());
  expect(judgement.verdict).toBe('fail');
  expect(signatures(judgement)).toEqual(['missing']);
  expect(
    judgement.findings.some(
      (finding) =>
        finding.verdict === 'note' &&
        finding.sentence.includes('no frame is on both captures) and is taken as it stands'),
    ),
  ).toBe(true);
});

test('where clocks are unknown, two leaves that each hear every other repeat are not one that hears all', () => {
  const captures = makeCaptures();
  captures.alive(0, 60 * SECOND);
  for (let i = 0; i < 58; i++) captures.see(i % 2, (1 + i) * SECOND, plainFrame('garp-request'));
  for (const clocks of [[], AHEAD]) expect(judgeFiles(captures.files(clocks)).judgement.verdict).not.toBe('pass');
  const good = makeCaptures();
  good.alive(0, 60 * SECOND);
  for (let i = 0; i < 29; i++) good.all((1 + 2 * i) * SECOND, plainFrame('garp-request'));
  expect(judgeFiles(good.files()).judgement.verdict).toBe('pass');
});
