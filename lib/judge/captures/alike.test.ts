import { expect, test } from '@playwright/test';
import { verdictSentence } from '../tell/text.js';
import {
  HOST,
  judgeFilesTwice,
  makeCaptures,
  MS,
  plainFrame,
  SECOND,
  US,
  type JudgeFilesOptions,
} from '../testing/captures.js';
import type { Judgement } from '../types.js';
import type { ClaimName, VantageName } from '../vantage/vantages.js';

const KINDS = ['arp-reply-unicast', 'na-solicited', 'ns-multicast', 'arp-request-broadcast'] as const;
const TAG = { tpid: 0x8100, vid: 20, pcp: 0, dei: false } as const;

interface World {
  /** What leaf-b's capture shows of a neighbor frame, and of data; null = nothing. */
  readonly neighbors?: (frame: Uint8Array, i: number) => Uint8Array | null;
  readonly data?: (frame: Uint8Array, i: number) => Uint8Array | null;
  readonly dataKind?: 'data-udp' | 'data-echo6' | 'none';
  readonly isTagged?: boolean;
  readonly vantage?: VantageName;
  readonly demanded?: readonly ClaimName[];
  /** Data on both leaves. */
  readonly isDataCopied?: boolean;
}

const same = (frame: Uint8Array): Uint8Array => frame;
const stripped = (frame: Uint8Array): Uint8Array => {
  const isTagged = frame[12] === 0x81 && frame[13] === 0;
  return isTagged ? Uint8Array.from([...frame.subarray(0, 12), ...frame.subarray(16)]) : frame;
};
const setByte = (at: number, value: number) => (frame: Uint8Array) => {
  const copy = Uint8Array.from(frame);
  copy[at] = value;
  return copy;
};
/** One less of every IPv6 hop limit, behind a tag or not. */
const hopLess = (frame: Uint8Array): Uint8Array => {
  const at = frame[12] === 0x81 ? 18 : 14;
  return frame[at - 2] === 0x86 ? setByte(at + 7, (frame[at + 7] ?? 0) - 1)(frame) : frame;
};

function judged(world: World): Judgement {
  const { neighbors = same, data = same, dataKind = 'data-udp', isTagged = true, isDataCopied = false } = world;
  const captures = makeCaptures();
  captures.alive(0, 31 * SECOND);
  const tags = isTagged ? [TAG] : [];
  for (let i = 0; i < 60; i++) {
    const at = 500 * MS + i * 480 * MS + ((i * i * 37) % 97) * MS;
    const frame = plainFrame(KINDS[i % KINDS.length] ?? 'ns-multicast', { variation: i + 1, tags });
    captures.see(0, at, frame);
    const other = neighbors(frame, i);
    if (other !== null) captures.see(1, at + (15 + (i % 9) * 7) * US, other);
    if (dataKind === 'none') continue;
    const sent = plainFrame(dataKind, { variation: i + 1, tags });
    const onB = data(sent, i);
    if (isDataCopied || i % 2 === 0) captures.see(0, at + 200 * MS, sent);
    if ((isDataCopied || i % 2 === 1) && onB !== null) captures.see(1, at + 200 * MS + (i % 7) * 9 * US, onB);
  }
  const options: JudgeFilesOptions = {
    hosts: [HOST],
    declared: {
      demanded: world.demanded ?? null,
      vantages: new Map(world.vantage === undefined ? [] : [['leaf-b', { name: world.vantage, losses: 0 }]]),
    },
  };
  return judgeFilesTwice(captures.files(), options).judgement;
}

const altered = ({ byLeaf }: Judgement): number => byLeaf['leaf-b']?.altered ?? -1;

test('tags that a capture shows of no frame, data neither, are its vantage: a note, and no claim about tags', () => {
  const judgement = judged({ neighbors: stripped, data: stripped });
  expect(judgement).toMatchObject({ verdict: 'pass', totals: { probes: 60, altered: 0 } });
  expect(verdictSentence(judgement)).toBe(
    'Each of 60 neighbor frames reached both leaf-a and leaf-b exactly once, and each of 60 other frames was sent once; tags: not judged here.',
  );
  expect(judgement.findings.filter(({ verdict }) => verdict === 'note').map(({ sentence }) => sentence)).toContain(
    'No frame on leaf-b has a VLAN tag, where frames of the same hosts on leaf-a have one (90 frames): so the capture was taken, and frames are compared without tags.',
  );
  expect(judged({ neighbors: stripped, data: stripped, demanded: ['reached', 'tags'] }).verdict).toBe('inconclusive');
});

test('tags that only copies lose are lost by the replicator', () => {
  const judgement = judged({ neighbors: stripped });
  expect(judgement.verdict).toBe('fail');
  expect(altered(judgement)).toBe(60);
});

test('where no data tells, it is not known who took the tags off, unless it is said', () => {
  const unknown = judged({ neighbors: stripped, dataKind: 'none' });
  expect(unknown).toMatchObject({ verdict: 'inconclusive', totals: { altered: 0 } });
  expect(unknown.reasons.join()).toContain('--vantage leaf-b=span');
  expect(judged({ neighbors: stripped, dataKind: 'none', vantage: 'span' }).verdict).toBe('pass');
  expect(judged({ neighbors: stripped, dataKind: 'none', vantage: 'port' }).verdict).toBe('fail');
});

test('tags that some frames lose are lost by the replicator', () => {
  for (const isLost of [(i: number) => i === 30, (i: number) => i % 2 === 0, (i: number) => i !== 30]) {
    const some = (frame: Uint8Array, i: number): Uint8Array => (isLost(i) ? stripped(frame) : frame);
    for (const vantage of [undefined, 'span'] as const) {
      const judgement = judged({ neighbors: some, data: stripped, ...(vantage === undefined ? {} : { vantage }) });
      expect(judgement.verdict).toBe('fail');
      expect(altered(judgement)).toBeGreaterThan(0);
    }
  }
});

test('compared without tags, what is missing, doubled, altered or copied still fails', () => {
  const missing = judged({ neighbors: (frame, i) => (i === 20 ? null : stripped(frame)), data: stripped });
  expect(missing).toMatchObject({ verdict: 'fail', byLeaf: { 'leaf-b': { missing: 1, altered: 0 } } });
  const target = (frame: Uint8Array, i: number): Uint8Array =>
    i === 20 ? setByte(9, 0x77)(stripped(frame)) : stripped(frame);
  expect(judged({ neighbors: target, data: stripped })).toMatchObject({
    verdict: 'fail',
    byLeaf: { 'leaf-b': { altered: 1 } },
  });
  // Each copy of leaf-b has another destination, as no capture makes it.
  const moved = (frame: Uint8Array): Uint8Array => setByte(5, 0x77)(stripped(frame));
  expect(judged({ neighbors: moved, data: stripped }).verdict).toBe('fail');
  expect(judged({ neighbors: stripped, data: stripped, isDataCopied: true })).toMatchObject({
    verdict: 'fail',
    totals: { dataDuplicated: 60 },
  });
});

test('a hop limit that is one less on each frame of a leaf, of data too, is put back', () => {
  const judgement = judged({ neighbors: hopLess, data: hopLess, dataKind: 'data-echo6' });
  expect(judgement).toMatchObject({ verdict: 'pass', totals: { probes: 60, missing: 0 } });
  expect(verdictSentence(judgement)).toMatch(/; hop limit: not judged here\.$/);
  expect(
    judged({ neighbors: hopLess, data: hopLess, dataKind: 'data-echo6', isDataCopied: true }).totals.dataDuplicated,
  ).toBe(60);
  const both = (frame: Uint8Array): Uint8Array => stripped(hopLess(frame));
  expect(verdictSentence(judged({ neighbors: both, data: both, dataKind: 'data-echo6' }))).toMatch(
    /; tags, hop limit: not judged here\.$/,
  );
});

test('a hop limit that only copies lose is lost by the replicator', () => {
  expect(judged({ neighbors: hopLess, dataKind: 'data-echo6' })).toMatchObject({ verdict: 'fail' });
  // Data over IPv4 does not tell.
  const unknown = judged({ neighbors: hopLess });
  expect(unknown.verdict).toBe('inconclusive');
  expect(judged({ neighbors: hopLess, vantage: 'span' }).verdict).toBe('pass');
  expect(judged({ neighbors: hopLess, vantage: 'port' }).verdict).toBe('fail');
  const some = (frame: Uint8Array, i: number): Uint8Array => (i % 8 === 1 ? hopLess(frame) : frame);
  expect(judged({ neighbors: some, data: hopLess, dataKind: 'data-echo6' }).verdict).toBe('fail');
});
