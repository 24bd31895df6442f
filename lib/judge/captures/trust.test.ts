import { expect, test } from '@playwright/test';
import { pcapngHeader, pcapngRecord, pcapngStatistics, pcapRecord } from '../../pcap/write.js';
import type { KindId } from '../../wire/kinds.js';
import { judgeFiles, plainFrame } from '../testing/captures.js';
import { AHEAD, minute, signatures } from '../testing/minute.js';

test('a capture without frames, or with damage, proves nothing; the others still fail', () => {
  const [a, b] = minute(2, (_, leaf, kind) => (leaf === 0 && kind === 'ns-multicast' ? 2 : 1)).files(AHEAD);
  if (a === undefined || b === undefined) throw new Error('no captures');
  const empty = judgeFiles([a.subarray(0, 24), b]).judgement;
  expect(empty.verdict).toBe('inconclusive');
  expect(empty.certificates['leaf-a']).toMatchObject({ valid: false, frames: 0 });
  expect(empty.reasons.join()).toContain('A.pcap holds no frame at all');
  const cut = judgeFiles([a, b.subarray(0, b.length - 3)]).judgement;
  expect(cut.verdict).toBe('fail');
  expect(signatures(cut)).toContain('damaged-capture');
  expect(cut.byLeaf['leaf-b']).toMatchObject({ missing: 0, duplicate: 0 });
  const both = judgeFiles([a.subarray(0, a.length - 3), b]).judgement;
  expect(both.verdict).toBe('inconclusive');
  expect(both.reasons.join()).toMatch(/A\.pcap is damaged at byte \d+/);
  const nothing = judgeFiles([new Uint8Array(0), new Uint8Array(0)]).judgement;
  expect(nothing.verdict).toBe('inconclusive');
});

test('drops that a capture reports make its leaf unknown', () => {
  const frames = (dropped: number, skewNs: number): Uint8Array =>
    Buffer.concat([
      pcapngHeader([{ name: 'swp1', linkType: 1, snapLength: 256 }]),
      ...Array.from({ length: 100 }, (_, i) =>
        pcapngRecord({
          seconds: 1_760_000_000 + i,
          nanos: ((i * i * 7_919) % 900_000_000) + (i % 7) * skewNs,
          frame: plainFrame('ns-unicast', { variation: i }),
        }),
      ),
      pcapngStatistics(0, { seconds: 1_760_000_100, nanos: 0 }, { received: 100, dropped }),
    ]);
  expect(judgeFiles([frames(0, 0), frames(0, 900)]).judgement.verdict).toBe('pass');
  const { judgement } = judgeFiles([frames(0, 0), frames(3, 900)]);
  expect(judgement.verdict).toBe('inconclusive');
  expect(signatures(judgement)).toEqual(['drops']);
  expect(judgement.certificates['leaf-b']).toMatchObject({ valid: false, drops: 3 });
});

test('frames that were cut too short to be compared are told, cut padding is nothing', () => {
  const [a] = minute().files();
  if (a === undefined) throw new Error('no capture');
  const snapped = (length: number, frame: Uint8Array): Uint8Array =>
    Buffer.concat([
      a,
      pcapRecord({
        seconds: 1_760_000_060,
        nanos: 999,
        frame: frame.subarray(0, length),
        original: Math.max(60, frame.length),
      }),
    ]);
  const cases: readonly (readonly [number, KindId, boolean])[] = [
    [40, 'arp-reply-unicast', true],
    [42, 'arp-reply-unicast', false],
    [60, 'ns-unicast', true],
    [73, 'data-tcp', true],
    [74, 'data-tcp', false],
  ];
  for (const [length, kind, isCut] of cases) {
    const { judgement } = judgeFiles([snapped(length, plainFrame(kind, { variation: 4_711 })), a], {
      isSharedClock: true,
    });
    expect({ length, kind, isCut: judgement.reasons.join().includes('cut too short to be compared') }).toEqual({
      length,
      kind,
      isCut,
    });
  }
});

test('a clock that is set back is told', () => {
  const captures = minute();
  const [a, b] = captures.files();
  if (a === undefined || b === undefined) throw new Error('no captures');
  const back = judgeFiles([a, Buffer.concat([b, b.subarray(24)])], { isSharedClock: true }).judgement;
  expect(back.verdict).toBe('inconclusive');
  expect(back.reasons.join()).toMatch(/time stamps of B\.pcap go back by 60 s at byte \d+/);
});

test('captures that were joined prove nothing: between them nobody listened', () => {
  const part = (leaf: number, from: number, to: number): Uint8Array =>
    Buffer.concat([
      pcapngHeader([{ name: 'swp1', linkType: 1, snapLength: 256 }]),
      ...Array.from({ length: to - from }, (_, at) => from + at).map((i) =>
        pcapngRecord({
          seconds: 1_760_000_000 + i,
          nanos: ((i * i * 7_919) % 900_000_000) + leaf * (i % 7) * 900,
          frame: plainFrame('ns-unicast', { variation: i }),
        }),
      ),
    ]);
  const { judgement } = judgeFiles([part(0, 0, 100), Buffer.concat([part(1, 0, 40), part(1, 60, 100)])]);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.certificates['leaf-b']?.problems).toEqual([
    'B.pcap is 2 captures that were joined (the second begins at byte 4888, behind 40 frames), and what came between them is not known: judge each by itself',
  ]);
});
