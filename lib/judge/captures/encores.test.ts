import { expect, test } from '@playwright/test';
import type { KindId } from '../../wire/kinds.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from '../testing/captures.js';

const ASKED: readonly KindId[] = ['arp-request-broadcast', 'ns-multicast', 'ns-unicast'];
const ANSWERS: readonly KindId[] = ['arp-reply-unicast', 'na-solicited'];
const ALL: readonly KindId[] = [...ASKED, ...ANSWERS, 'garp-request'];

/** Half a minute of a host; `again` says after how long every leaf hears a frame a second time, null for never. */
function halfMinute(again: (kind: KindId, round: number) => number | null, kinds = ALL): MadeCaptures {
  const captures = makeCaptures();
  captures.alive(0, 31 * SECOND);
  for (let round = 0; round < 30; round++) {
    for (const [index, kind] of kinds.entries()) {
      const at = 500 * MS + round * SECOND + index * 130 * MS + (round % 7) * 11 * MS;
      const frame = plainFrame(kind, { variation: ASKED.includes(kind) || kinds !== ALL ? round + 1 : 0 });
      const gap = again(kind, round);
      for (const time of gap === null ? [at] : [at, at + gap])
        for (const leaf of [0, 1]) captures.see(leaf, time + leaf * (20 + (round % 3)) * US, frame);
    }
  }
  return captures;
}

test('what asks again within some milliseconds, on every leaf, is no stack', () => {
  for (const gap of [3 * MS, 40 * MS, 190 * MS]) {
    const { judgement } = judgeFiles(halfMinute(() => gap).files());
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.reasons).toEqual([
      '90 of 180 broadcast ARP requests, multicast Neighbor Solicitations and unicast Neighbor Solicitations from 02:00:00:00:01:0a were on every leaf once more within 200 ms: no kernel asks again that soon: something doubles what it says, or a switch of the host asks by itself.',
    ]);
  }
});

test('a stack that asks again every 200 ms and later is none that is doubled', () => {
  expect(judgeFiles(halfMinute(() => 210 * MS).files()).judgement.findings).toEqual([]);
});

test('who asks again now and then is not doubled', () => {
  expect(judgeFiles(halfMinute((_, round) => (round % 4 === 0 ? 3 * MS : null)).files()).judgement.findings).toEqual(
    [],
  );
});

test('answers may come twice: leaves whose timers run out together ask together', () => {
  const { judgement } = judgeFiles(halfMinute((kind) => (ANSWERS.includes(kind) ? 3 * MS : null)).files());
  expect(judgement.verdict).toBe('pass');
  expect(judgement.findings.map(({ verdict, sentence }) => `${verdict}: ${sentence}`)).toEqual([
    'note: 60 of 120 ARP replies and solicited Neighbor Advertisements from 02:00:00:00:01:0a were on every leaf once more within 200 ms: the leaves asked together, or something doubles what it says.',
  ]);
});

test('answers that all come twice are not known to be asked for, where the host asks nothing itself', () => {
  const doubled = (kind: KindId): number | null => (ANSWERS.includes(kind) ? 3 * MS : null);
  for (const kinds of [ANSWERS, [...ANSWERS, 'garp-request'] as const]) {
    const { judgement } = judgeFiles(halfMinute(doubled, kinds).files());
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.reasons).toEqual([
      '60 of 120 ARP replies and solicited Neighbor Advertisements from 02:00:00:00:01:0a were on every leaf once more within 50 ms: the leaves asked together, or something doubles what it says; captures in which these hosts also ask tell.',
    ]);
  }
  expect(judgeFiles(halfMinute(() => null, ANSWERS).files()).judgement.verdict).toBe('pass');
});

test('who announces itself again at once does what it may', () => {
  expect(
    judgeFiles(halfMinute((kind) => (kind === 'garp-request' ? 20 * MS : null)).files()).judgement.findings,
  ).toEqual([]);
});
