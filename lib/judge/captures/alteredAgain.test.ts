import { expect, test } from '@playwright/test';
import { parseMac } from '../../wire/address.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from '../testing/captures.js';
import { signatures } from '../testing/minute.js';

type Kind = 'arp-reply-unicast' | 'na-solicited';

const ROUNDS = 30;
const AT: readonly Kind[] = ['arp-reply-unicast', 'na-solicited'];
const timeOf = (round: number): number => 500 * MS + round * SECOND + (round % 7) * 110 * MS;

/** Half a minute of a host that says the same answers again and again; in every third second `again` of each, too. */
function halfMinute(
  leaves: number,
  again: (captures: MadeCaptures, at: number, frame: Uint8Array) => void,
): MadeCaptures {
  const captures = makeCaptures(leaves);
  captures.alive(0, 33 * SECOND);
  for (let round = 0; round < ROUNDS; round++)
    AT.forEach((kind, i) => {
      const at = timeOf(round) + i * 300 * MS;
      captures.all(at, plainFrame(kind));
      if (round % 3 === 1) again(captures, at, plainFrame(kind));
    });
  return captures;
}

function fromAnotherMac(frame: Uint8Array): Uint8Array {
  frame.set(parseMac('02:00:00:00:77:01'), 6);
  return frame;
}

/** As of a second host with the same addresses: the packet tells its own MAC, too. */
function ofAnotherHost(frame: Uint8Array): Uint8Array {
  const own = frame[12] === 0x08 ? 22 : frame.length - 6;
  frame.set(parseMac('02:00:00:00:77:01'), own);
  return fromAnotherMac(frame);
}

function oneHopLess(frame: Uint8Array): Uint8Array | null {
  if (frame[12] !== 0x86) return null;
  frame[21] = 254;
  return frame;
}

for (const leaves of [2, 3])
  for (const gap of [-20 * MS, -30 * US, 30 * US, 4 * MS, 30 * MS]) {
    test(`a second copy from another MAC, ${gap / US} us after the first, on one of ${leaves} leaves`, () => {
      const captures = halfMinute(leaves, (made, at, frame) => {
        made.see(1, at + 20 * US + gap, fromAnotherMac(frame));
      });
      const { judgement } = judgeFiles(captures.files());
      expect(signatures(judgement)).toEqual(['duplicate', 'identity']);
      expect(judgement.totals).toMatchObject({ probes: 60, delivered: 40, duplicate: 20, altered: 20, missing: 0 });
      expect(judgement.byLeaf).toMatchObject({ 'leaf-a': { duplicate: 0 }, 'leaf-b': { duplicate: 20 } });
    });
  }

test('a second copy on each leaf, from a MAC of its own', () => {
  const captures = halfMinute(2, (made, at, frame) => {
    made.see(0, at + 30 * US, fromAnotherMac(frame));
    const other = fromAnotherMac(frame.slice());
    other[11] = 2;
    made.see(1, at + 60 * US, other);
  });
  const { judgement } = judgeFiles(captures.files());
  expect(judgement.totals).toMatchObject({ probes: 60, delivered: 40 });
  expect(judgement.byLeaf).toMatchObject({ 'leaf-a': { duplicate: 20 }, 'leaf-b': { duplicate: 20 } });
});

test('a second copy with a lower hop limit, on one leaf or on all', () => {
  const captures = halfMinute(2, (made, at, frame) => {
    const copy = oneHopLess(frame);
    if (copy === null) return;
    if (at > 15 * SECOND) made.all(at + 40 * US, copy);
    else made.see(1, at + 60 * US, copy);
  });
  const { judgement } = judgeFiles(captures.files());
  expect(signatures(judgement)).toEqual(['duplicate', 'identity']);
  expect(judgement.totals).toMatchObject({ probes: 60, delivered: 50 });
  expect(judgement.byLeaf).toMatchObject({ 'leaf-a': { duplicate: 5 }, 'leaf-b': { duplicate: 10 } });
});

test('the only copy with a lower hop limit is altered, not missing', () => {
  const captures = makeCaptures();
  captures.alive(0, 33 * SECOND);
  for (let round = 0; round < ROUNDS; round++) {
    const frame = plainFrame('na-solicited', { variation: round });
    captures.see(0, timeOf(round), frame);
    captures.see(1, timeOf(round) + 20 * US, round % 10 === 4 ? (oneHopLess(frame.slice()) ?? frame) : frame);
  }
  const { judgement } = judgeFiles(captures.files());
  expect(signatures(judgement)).toEqual(['identity']);
  expect(judgement.byLeaf).toMatchObject({ 'leaf-a': { altered: 0 }, 'leaf-b': { altered: 3, missing: 0 } });
});

test('a second host with the same addresses says its own MAC, and has doubled nothing', () => {
  const captures = halfMinute(2, (made, at, frame) => {
    made.all(at + 100 * US, ofAnotherHost(frame));
  });
  const { judgement } = judgeFiles(captures.files());
  expect(judgement.verdict).toBe('pass');
  expect(judgement.totals).toMatchObject({ probes: 60, delivered: 60 });
});

test('what comes long after its like is no copy of it', () => {
  const captures = halfMinute(2, (made, at, frame) => {
    made.see(1, at + 140 * MS, fromAnotherMac(frame));
  });
  expect(judgeFiles(captures.files()).judgement.verdict).toBe('pass');
});
