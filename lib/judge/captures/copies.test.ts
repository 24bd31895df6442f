import { expect, test } from '@playwright/test';
import { parseMac } from '../../wire/address.js';
import { GATEWAY, judgeFiles, leafFrame, MS, plainFrame, SECOND, US } from '../testing/captures.js';
import { AHEAD, minute, signatures } from '../testing/minute.js';

test('P1: what one leaf never saw is missing there', () => {
  const { judgement } = judgeFiles(
    minute(2, (_, leaf, kind) => (leaf === 1 && kind === 'arp-reply-unicast' ? 0 : 1)).files(AHEAD),
  );
  expect(judgement.verdict).toBe('fail');
  expect(signatures(judgement)).toEqual(['missing']);
  expect(judgement.byLeaf).toMatchObject({ 'leaf-a': { missing: 0 }, 'leaf-b': { missing: 59 } });
  expect(judgement.kinds['arp-reply-unicast']).toMatchObject({ probes: 59, delivered: 0, missing: 59 });
  expect(judgement.kinds['ns-unicast']).toMatchObject({ probes: 59, delivered: 59, missing: 0 });
  expect(judgement.reasons[0]).toBe(
    'leaf-b never saw 59 of 59 ARP replies from 02:00:00:00:01:0a; leaf-a saw each once.',
  );
  expect(judgement.deliveries.length).toBeGreaterThan(0);
  expect(judgement.deliveries[0]?.leaves['leaf-b']).toEqual({ outcome: 'missing', copies: [] });
});

test('P1: two copies on a leaf are a duplicate, also on both', () => {
  const one = judgeFiles(
    minute(2, (_, leaf, kind) => (leaf === 0 && kind === 'ns-multicast' ? 2 : 1)).files(AHEAD),
  ).judgement;
  expect(signatures(one)).toEqual(['duplicate']);
  expect(one.byLeaf).toMatchObject({ 'leaf-a': { duplicate: 59 }, 'leaf-b': { duplicate: 0 } });
  const both = judgeFiles(minute(2, (_, __, kind) => (kind === 'ns-multicast' ? 2 : 1)).files(AHEAD)).judgement;
  expect(both.byLeaf).toMatchObject({ 'leaf-a': { duplicate: 59 }, 'leaf-b': { duplicate: 59 } });
});

test('identical repeats are paired in time, never across a wrong repeat', () => {
  const captures = minute();
  const repeat = plainFrame('garp-request');
  for (let i = 0; i < 50; i++) {
    captures.see(0, (1 + i) * SECOND + 3 * MS, repeat);
    if (i % 10 !== 4) captures.see(1, (1 + i) * SECOND + 3 * MS + 40 * US, repeat);
  }
  const { judgement } = judgeFiles(captures.files(AHEAD));
  expect(judgement.kinds['garp-request']).toMatchObject({
    probes: 50,
    delivered: 45,
    missing: 5,
    duplicate: 0,
    late: 0,
  });
  expect(judgement.byLeaf['leaf-b']?.missing).toBe(5);
});

test('repeats that follow each other closely are not duplicates', () => {
  const captures = minute();
  for (let i = 0; i < 40; i++) captures.all(5 * SECOND + i * 20 * MS, plainFrame('garp-request'));
  const { judgement } = judgeFiles(captures.files(AHEAD));
  expect(judgement.findings).toEqual([]);
  expect(judgement.kinds['garp-request']).toMatchObject({ probes: 40, delivered: 40 });
});

test('P3: a copy that comes a second later is late', () => {
  const captures = minute();
  captures.see(0, 10 * SECOND, plainFrame('na-unsolicited', { variation: 9_999 }));
  captures.see(1, 11 * SECOND, plainFrame('na-unsolicited', { variation: 9_999 }));
  const { judgement } = judgeFiles(captures.files(AHEAD));
  expect(signatures(judgement)).toEqual(['late']);
  expect(judgement.byLeaf['leaf-b']).toMatchObject({ late: 1, missing: 0 });
});

const ALTERATIONS: readonly (readonly [string, (frame: Uint8Array) => Uint8Array])[] = [
  [
    'another source MAC',
    (frame) => {
      frame.set(parseMac('02:00:00:01:00:02'), 6);
      return frame;
    },
  ],
  [
    'another destination MAC',
    (frame) => {
      frame.set(parseMac('02:00:00:0f:00:02'), 0);
      return frame;
    },
  ],
  ['a lost tag', (frame) => Uint8Array.from([...frame.subarray(0, 12), ...frame.subarray(16)])],
  [
    'another link-layer address in its option',
    (frame) => {
      frame.set(parseMac('02:00:00:01:00:02'), frame.length - 6);
      return frame;
    },
  ],
];

for (const [what, alter] of ALTERATIONS) {
  test(`P2: a copy with ${what} is altered, not missing`, () => {
    const captures = minute();
    for (let i = 0; i < 20; i++) {
      const frame = plainFrame('ns-multicast', {
        variation: 5_000 + i,
        tags: [{ tpid: 0x8100, vid: 10, pcp: 0, dei: false }],
      }).slice(0, 18 + 72);
      captures.see(0, (10 + i) * SECOND, frame);
      captures.see(1, (10 + i) * SECOND + 40 * US, alter(frame.slice()));
    }
    const { judgement } = judgeFiles(captures.files(AHEAD));
    expect(signatures(judgement)).toEqual(['identity']);
    expect(judgement.totals).toMatchObject({ altered: 20, missing: 0 });
  });
}

test('P4: data on two leaves is copied; a sender may repeat itself on one', () => {
  const captures = minute();
  for (let i = 0; i < 30; i++) captures.all(20 * SECOND + i * MS, plainFrame('data-tcp', { variation: 70_000 + i }));
  for (let i = 0; i < 30; i++) captures.see(0, 30 * SECOND + i * 100 * US, plainFrame('data-echo'));
  const { judgement } = judgeFiles(captures.files(AHEAD));
  expect(signatures(judgement)).toEqual(['data-replicated']);
  expect(judgement.totals).toMatchObject({ dataDuplicated: 30 });
  expect(judgement.kinds['data-echo']).toMatchObject({ dataFrames: 30, dataDuplicated: 0 });
});

test('P4: a stack that says something at once again has not copied it', () => {
  const captures = minute();
  for (const at of [0, 300 * US]) captures.see(0, 20 * SECOND + at, plainFrame('ra'));
  expect(judgeFiles(captures.files(AHEAD)).judgement.verdict).toBe('pass');
  captures.see(1, 20 * SECOND + 100 * US, plainFrame('ra'));
  expect(signatures(judgeFiles(captures.files(AHEAD)).judgement)).toEqual(['data-replicated']);
});

test('P5: what comes from a gateway or to a host may not reach two leaves', () => {
  const captures = minute();
  captures.see(1, 20 * SECOND, leafFrame('arp-request-unicast'));
  expect(judgeFiles(captures.files(AHEAD)).judgement.verdict).toBe('pass');
  const known = judgeFiles(captures.files(AHEAD), { gateways: [GATEWAY] }).judgement;
  expect(signatures(known)).toEqual(['reflection']);
  expect(known.totals.reflected).toBe(1);
  const data = minute();
  data.all(20 * SECOND, leafFrame('data-udp', 5));
  data.see(0, 21 * SECOND, leafFrame('data-udp', 6));
  const seen = judgeFiles(data.files(AHEAD)).judgement;
  expect(signatures(seen)).toEqual(['reflection']);
  expect(seen.totals.reflected).toBe(1);
});
