import { expect, test } from '@playwright/test';
import type { KindId } from '../../wire/kinds.js';
import { judgeFiles, MS, plainFrame, SECOND, US } from '../testing/captures.js';
import { AHEAD, minute } from '../testing/minute.js';
import type { Judgement } from '../types.js';

/** From fe80::10 instead of a global address. */
function ofLink(frame: Uint8Array): Uint8Array {
  const changed = frame.slice();
  changed.set([0xfe, 0x80, 0, 0, 0, 0, 0, 0], 22);
  return changed;
}

interface Said {
  readonly kind: KindId;
  readonly alter?: (frame: Uint8Array) => Uint8Array;
  /** Leaves, in the order in which they have it, and how long after the one before. */
  readonly on: readonly number[];
  readonly gap: number;
  readonly isTagless?: boolean;
}

/** A minute of a host, and ten times what it says in two VLANs. */
function judged({ kind, alter = ofLink, on, gap, isTagless = true }: Said): Judgement {
  const captures = minute();
  for (let round = 0; round < 10; round++) {
    const frame = alter(plainFrame(kind, { variation: 5_000 + round }));
    on.forEach((leaf, i) => {
      captures.see(leaf, (10 + 3 * round) * SECOND + i * gap, frame);
    });
  }
  return judgeFiles(captures.files(AHEAD), { isTagless }).judgement;
}

const same = (frame: Uint8Array): Uint8Array => frame;
const EACH_TWICE = [0, 1, 0, 1] as const;

test('P1: captures without tags do not tell whether a host asks in several VLANs, from one link-local address', () => {
  for (const kind of ['ns-multicast', 'ns-unicast'] as const) {
    const judgement = judged({ kind, on: EACH_TWICE, gap: 40 * US });
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.findings.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(judgement.reasons.join()).toMatch(/20 equal frames .* came to every leaf in 10 bursts/);
  }
});

test('P1: from any other address a question that each leaf has twice is a duplicate, and so is one that only one has', () => {
  expect(judged({ kind: 'ns-multicast', alter: same, on: EACH_TWICE, gap: 40 * US }).verdict).toBe('fail');
  expect(judged({ kind: 'arp-request-broadcast', alter: same, on: EACH_TWICE, gap: 40 * US }).verdict).toBe('fail');
  expect(judged({ kind: 'ns-multicast', on: [0, 1, 1], gap: 100 * US }).verdict).toBe('fail');
  expect(judged({ kind: 'ns-multicast', on: EACH_TWICE, gap: 40 * US, isTagless: false }).verdict).toBe('fail');
});

test('P1: where a host has other questions twice, what it asks from a link-local address is doubled, too', () => {
  const captures = minute(2, (_, __, kind) => (kind === 'arp-request-broadcast' ? 2 : 1));
  for (let round = 0; round < 10; round++)
    for (let copy = 0; copy < 2; copy++)
      captures.all(
        (10 + 3 * round) * SECOND + copy * 60 * US,
        ofLink(plainFrame('ns-multicast', { variation: 5_000 + round })),
      );
  const { judgement } = judgeFiles(captures.files(AHEAD), { isTagless: true });
  expect(judgement.verdict).toBe('fail');
  const kinds = judgement.findings.filter(({ verdict }) => verdict === 'fail').map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['arp-request-broadcast', 'ns-multicast']));
});

test('P4: captures without tags do not tell whether a host says data in several VLANs, from one link-local address', () => {
  for (const gap of [40 * US, 1_500 * US, 30 * MS]) {
    const judgement = judged({ kind: 'data-echo6', on: [0, 1], gap });
    expect(judgement).toMatchObject({ verdict: 'inconclusive', totals: { dataDuplicated: 0, altered: 0 } });
    expect(judgement.reasons.join()).toContain('the host says the same in several VLANs');
    expect(judged({ kind: 'data-echo6', alter: same, on: [0, 1], gap }).verdict).toBe('fail');
    expect(judged({ kind: 'data-dhcp', alter: same, on: [0, 1], gap }).verdict).toBe('fail');
    expect(judged({ kind: 'data-echo6', on: [0, 1], gap, isTagless: false }).verdict).toBe('fail');
  }
});
