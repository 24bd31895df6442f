import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { HOST, makeCaptures, MS, plainFrame, SECOND, US } from '../judge/testing/captures.js';
import { judgementText, verdictSentence } from '../judge/tell/text.js';
import type { Judgement } from '../judge/types.js';
import type { Declared } from '../judge/captures/captureClaims.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import { renderReport } from '../report/html/renderReport.js';
import { captureFiles, type CaptureFile } from './captureFiles.js';
import { captureReport } from './captureReport.js';
import { judgeCaptures, type JudgedCaptures } from './judgeCaptures.js';
import { mirrorPacket } from './testing/mirrorPackets.js';

type Judge = (world: World, declared?: Declared) => Promise<JudgedCaptures & { captures: readonly CaptureFile[] }>;

const test = base.extend<{ judge: Judge }>({
  judge: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-vantages-'));
    await use((world, declared) => {
      worldOf(world).forEach((bytes, leaf) => {
        writeFileSync(join(folder, String(leaf)), bytes);
      });
      return judgeCaptures(
        captureFiles(['leaf-a', 'leaf-b'].map((name, leaf) => `${name}=${join(folder, String(leaf))}`)),
        {
          profile: DEFAULT_PROFILE,
          hosts: new Map([[HOST, HOST]]),
          isAuto: false,
          gateways: [],
          isSharedClock: false,
          ...(declared === undefined ? {} : { declared }),
        },
      );
    });
    rmSync(folder, { recursive: true });
  },
});

/** Frames of leaf-b as its capture shows them, in the order they came. */
type Shape = (frames: readonly Sighting[]) => readonly Sighting[];

interface Sighting {
  readonly at: number;
  readonly frame: Uint8Array;
  readonly isData: boolean;
}

interface World {
  readonly shape: Shape;
  readonly wrong?: 'lost' | 'doubled' | 'altered';
  /** What both captures show; all of it unless it is said. */
  readonly sees?: (sighting: Sighting) => boolean;
}

const TAG = { tpid: 0x8100, vid: 20, pcp: 0, dei: false } as const;
const KINDS = ['arp-reply-unicast', 'na-solicited', 'data-udp'] as const;
/** The frame that goes wrong on leaf-b, an ARP reply. */
const WRONG = 150;

/** ARP replies, solicited NAs and UDP in turn, 5 to 60 ms apart; data on one leaf after the other. */
function worldOf({ shape, wrong, sees = () => true }: World): Uint8Array[] {
  const captures = makeCaptures();
  const onB: Sighting[] = [];
  captures.alive(0, 15 * SECOND);
  let at = 500 * MS;
  for (let i = 0; i < 400; i++) {
    at += (5 + ((i * i * 131) % 56)) * MS;
    const kind = KINDS[i % KINDS.length] ?? 'data-udp';
    const frame = numbered(plainFrame(kind, { variation: i + 1, tags: [TAG] }), i);
    const isData = kind === 'data-udp';
    const sighting = { at: at + ((i * 7) % 40) * US, frame, isData };
    if (sees({ at, frame, isData }) && (!isData || i % 2 === 0)) captures.see(0, at, frame);
    if (!sees(sighting) || (isData && i % 2 === 0)) continue;
    if (i !== WRONG || wrong === undefined) onB.push(sighting);
    else if (wrong === 'doubled') onB.push(sighting, { ...sighting, at: sighting.at + 30 * US });
    else if (wrong === 'altered') onB.push({ ...sighting, frame: setByte(frame, 11, 0x77) });
  }
  for (const { at: when, frame } of shape(onB)) captures.see(1, when, frame);
  return captures.files();
}

function setByte(frame: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(frame);
  copy[at] = value;
  return copy;
}

/** No two frames say the same: the number stands in the target's address, or in UDP's payload. */
function numbered(frame: Uint8Array, i: number): Uint8Array {
  const at = frame[17] === 0x06 ? 44 : frame[16] === 0x86 ? 78 : frame.length - 2;
  return setByte(setByte(frame, at, i >> 8), at + 1, i & 0xff);
}

const stripTag = (frame: Uint8Array): Uint8Array => Uint8Array.from([...frame.subarray(0, 12), ...frame.subarray(16)]);
const each =
  (change: (sighting: Sighting, i: number) => Uint8Array): Shape =>
  (frames) =>
    frames.map((sighting, i) => ({ ...sighting, frame: change(sighting, i) }));

function policed(frames: readonly Sighting[]): readonly Sighting[] {
  let [tokens, last] = [4, 0];
  return frames.filter(({ at, isData }) => {
    if (isData) return true;
    tokens = Math.min(4, tokens + ((at - last) * 17) / SECOND);
    last = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  });
}

const SHAPES: Readonly<Record<string, { readonly shape: Shape; readonly verdict: Judgement['verdict'] }>> = {
  'of the port': { shape: (frames) => frames, verdict: 'pass' },
  'of ERSPAN II': {
    shape: each(({ frame }, sequence) => mirrorPacket('ERSPAN II', { frame, session: 12, sequence, exporter: 2 })),
    verdict: 'pass',
  },
  'without tags': { shape: each(({ frame }) => stripTag(frame)), verdict: 'pass' },
  'with hop limit 254 in all of ND': {
    shape: each(({ frame }) => (frame[16] === 0x86 ? setByte(frame, 25, 254) : frame)),
    verdict: 'inconclusive',
  },
  'that a policer thins out': { shape: policed, verdict: 'inconclusive' },
  'with each neighbor frame trapped and flooded': {
    shape: (frames) =>
      frames.flatMap((one) => (one.isData ? [one] : [one, { ...one, at: one.at + (250 + ((one.at / US) % 90)) * US }])),
    verdict: 'inconclusive',
  },
};

for (const [name, { shape, verdict }] of Object.entries(SHAPES)) {
  test(`a right replicator, captured on leaf-b ${name}: ${verdict}`, async ({ judge }) => {
    const { judgement } = await judge({ shape });
    expect(judgement.findings.filter((finding) => finding.verdict === 'fail')).toEqual([]);
    expect(judgement.verdict).toBe(verdict);
  });
  for (const wrong of ['lost', 'doubled', 'altered'] as const)
    test(`one frame ${wrong} on leaf-b, captured ${name}, never passes`, async ({ judge }) => {
      const { judgement } = await judge({ shape, wrong });
      expect(judgement.verdict).toBe(verdict === 'pass' ? 'fail' : judgement.verdict);
      expect(judgement.verdict).not.toBe('pass');
      if (verdict !== 'pass') return;
      const what = { lost: 'missing', doubled: 'duplicate', altered: 'altered' }[wrong];
      expect(judgement.byLeaf['leaf-b']).toMatchObject({ missing: 0, duplicate: 0, altered: 0, [what]: 1 });
      expect(judgement.kinds['arp-reply-unicast']).toMatchObject({ [what]: 1 });
    });
}

test('captures of CPUs without any data pass, and say that data was not judged', async ({ judge }) => {
  const { judgement } = await judge({ shape: (frames) => frames, sees: ({ isData }) => !isData });
  expect(judgement.verdict).toBe('pass');
  expect(verdictSentence(judgement)).toBe(
    'Each of 267 neighbor frames reached both leaf-a and leaf-b exactly once; data: not judged here.',
  );
});

test('ERSPAN says itself what it is', async ({ judge }) => {
  const { judgement } = await judge({ shape: SHAPES['of ERSPAN II']?.shape ?? policed });
  expect(judgement.claims).toMatchObject({
    vantages: { 'leaf-b': 'erspan' },
    notJudged: { 'leaf-a': {}, 'leaf-b': { skew: 'ERSPAN' } },
  });
  expect(Object.keys(judgement.claims?.notJudged['leaf-b'] ?? {})).toEqual(['skew', 'reflection']);
});

test('what is not judged here is a dot in text and page, and counted apart', async ({ judge }) => {
  const shape = SHAPES['with each neighbor frame trapped and flooded']?.shape ?? policed;
  const { judgement, hosts, captures } = await judge(
    { shape },
    { vantages: new Map([['leaf-b', { name: 'trap', losses: null }]]), demanded: ['reached'] },
  );
  expect(judgement).toMatchObject({ verdict: 'pass', totals: { duplicate: 0 } });
  expect(judgement.matrix?.['na-solicited']?.['leaf-b']).toMatchObject({ frames: 133, partlyJudged: 133 });
  expect(judgement.matrix?.['data-udp']?.['leaf-b']).toMatchObject({ frames: 0, notJudged: 133 });
  const text = judgementText(judgement);
  expect(text).toMatch(/na-solicited +133\/133 +133\/133, 133 ·/);
  expect(text).toMatch(/data-udp +· +·/);
  expect(text).toContain(
    'note: Not judged on leaf-b: 267 frames seen there more than once (trap to the CPU of the leaf).',
  );
  const { run, details } = captureReport(judgement, {
    hosts,
    captures,
    frames: new Map(),
    started: new Date(0),
    command: '',
    profile: DEFAULT_PROFILE,
  });
  const page = renderReport(run, details);
  expect(page).toContain('133 not judged here of 133');
  // Claims by leaf, as text and JSON have them; what is not judged is shown nowhere.
  expect(text).toMatch(/\nskew +judged +·\n/);
  expect(text).not.toContain('skew between copies');
  expect(page).toMatch(/skew p50<\/dt><dd><span class="number">·<\/span><span class="note">not judged here/);
  const rows = [...page.matchAll(/<tr><th scope="row">([a-z-]+)<span class="note">[^<]*<\/span><\/th>(.*?)<\/tr>/g)];
  const cells = new Map(rows.map(([, claim = '', rest = '']) => [claim, rest.replace(/<[^>]*>/g, '|')]));
  expect(cells.get('reached')).toMatch(/yes.*judged.*judged/);
  expect(cells.get('once')).toMatch(/no.*judged.*·\|not judged here: \|+ trap to the CPU of the leaf/);
  expect(cells.get('tags')).toMatch(/no.*judged.*judged/);
  expect(page).toContain('at least once; that a copy is missing, exactly once, skew, data: not judged here');
});
