import { expect, test } from '@playwright/test';
import { parseMac } from '../../wire/address.js';
import { pcapngHeader, pcapngRecord, pcapngStatistics, pcapRecord } from '../../pcap/write.js';
import type { KindId } from '../../wire/kinds.js';
import type { Judgement, Signature } from '../types.js';
import {
  GATEWAY,
  HOST,
  judgeFiles,
  leafFrame,
  makeCaptures,
  MS,
  plainFrame,
  SECOND,
  US,
  type MadeCaptures,
} from '../testing/captures.js';

const NEIGHBORS: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-reply-unicast',
  'ns-multicast',
  'ns-unicast',
  'na-solicited',
];

/** A minute of a host's life: neighbor frames every 200 ms or so on every leaf, data on one. */
function minute(leaves = 2, skip: (at: number, leaf: number, kind: KindId) => number = () => 1): MadeCaptures {
  const captures = makeCaptures(leaves);
  captures.alive(0, 60 * SECOND);
  let variation = 0;
  let state = 7;
  // Irregular, as life is: a sequence of Lehmer's.
  const jitter = (): number => (state = (state * 48_271) % 2_147_483_647) % (90 * MS);
  for (let at = 500 * MS; at < 59.5 * SECOND; at += 200 * MS) {
    const kind = NEIGHBORS[++variation % NEIGHBORS.length] ?? 'ns-unicast';
    const frame = plainFrame(kind, { variation: kind.startsWith('arp') ? variation % 100 : variation });
    const time = at + jitter();
    for (let leaf = 0; leaf < leaves; leaf++)
      for (let copy = 0; copy < skip(at, leaf, kind); copy++)
        captures.see(leaf, time + leaf * 30 * US + copy * 10 * US, frame);
    captures.see(variation % leaves, time + 50 * MS, plainFrame('data-udp', { variation }));
  }
  return captures;
}

function signatures(judgement: Judgement): Signature[] {
  return [
    ...new Set(judgement.findings.filter((finding) => finding.verdict !== 'note').map((finding) => finding.signature)),
  ];
}

const AHEAD = [(at: number) => at, (at: number) => at * (1 + 40e-6) + 3.5 * SECOND];

test('frames on every leaf once, data on one, are a pass; clocks that differ are measured', () => {
  const { judgement } = judgeFiles(minute().files(AHEAD));
  expect(judgement.findings).toEqual([]);
  expect(judgement.verdict).toBe('pass');
  expect(judgement.totals).toMatchObject({ probes: 295, delivered: 295, dataFrames: 295, dataDuplicated: 0 });
  const clock = judgement.clock['leaf-b'];
  expect(Number(clock?.offsetNs)).toBeGreaterThan(3.5 * SECOND - 100 * US);
  expect(Number(clock?.offsetNs)).toBeLessThan(3.5 * SECOND + 100 * US);
  expect(clock?.driftPpm).toBeGreaterThan(38);
  expect(clock?.driftPpm).toBeLessThan(42);
  expect(Number(clock?.errorNs)).toBeLessThan(50 * US);
  expect(judgement.skew?.maxNs).toBeLessThan(200 * US);
});

test('the same captures in chunks of any size give the same bytes', () => {
  const files = minute(3, (at, leaf) => (at % (3 * SECOND) === 500 * MS && leaf === 1 ? 0 : 1)).files(AHEAD);
  const whole = JSON.stringify(judgeFiles(files).judgement);
  expect(whole).toContain('"verdict":"fail"');
  expect(JSON.stringify(judgeFiles(files, { chunk: 777 }).judgement)).toBe(whole);
  expect(JSON.stringify(judgeFiles(files).judgement)).toBe(whole);
});

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

test('hosts are found by their neighbor frames, and nobody else is judged', () => {
  const captures = minute();
  for (let i = 0; i < 40; i++) captures.all((2 + i) * SECOND, plainFrame('data-tcp', { host: 77, variation: i }));
  const { judgement, hosts } = judgeFiles(captures.files(AHEAD), { hosts: [], isAuto: true });
  expect(judgement.verdict).toBe('pass');
  expect(hosts).toEqual([{ mac: '02:00:00:00:01:0a', name: '02:00:00:00:01:0a' }]);
  captures.all(50 * SECOND, plainFrame('arp-request-broadcast', { host: 77 }));
  const more = judgeFiles(captures.files(AHEAD), { hosts: [], isAuto: true });
  expect(more.hosts.map((host) => host.mac)).toEqual(['02:00:00:00:01:0a', '02:00:00:00:01:4d']);
  expect(signatures(more.judgement)).toEqual(['data-replicated']);
});

test('hosts that are not named are counted, not judged', () => {
  const captures = minute();
  for (let i = 0; i < 40; i++) captures.see(0, (2 + i) * SECOND, plainFrame('arp-request-broadcast', { host: 77 }));
  const { judgement } = judgeFiles(captures.files(AHEAD));
  expect(judgement.verdict).toBe('pass');
  expect(judgement.background).toMatchObject({
    'arp-request-broadcast': { 'leaf-a': 40, 'leaf-b': 0 },
    lldp: { 'leaf-a': 2, 'leaf-b': 2 },
  });
});

test('four leaves, each with a clock of its own', () => {
  const clocks = [0, 1, 2, 3].map((i) => (at: number) => at * (1 + i * 15e-6) - i * 1.7 * SECOND + 20 * SECOND);
  const { judgement } = judgeFiles(
    minute(4, (at, leaf) => (leaf === 3 && at > 30 * SECOND && at < 31 * SECOND ? 0 : 1)).files(clocks),
  );
  expect(judgement.verdict).toBe('fail');
  expect(judgement.byLeaf).toMatchObject({
    'leaf-a': { missing: 0 },
    'leaf-b': { missing: 0 },
    'leaf-c': { missing: 0 },
    'leaf-d': { missing: 5 },
  });
  expect(Object.keys(judgement.clock)).toEqual(['leaf-b', 'leaf-c', 'leaf-d']);
});

test('data alone, each frame once, says nothing about neighbor frames: no pass', () => {
  const captures = makeCaptures(2);
  captures.alive(0, 60 * SECOND);
  for (let i = 1; i < 50; i++) captures.see(i % 2, i * SECOND, plainFrame('data-udp', { variation: i }));
  const { judgement } = judgeFiles(captures.files([(at: number) => at, (at: number) => at]), { isSharedClock: true });
  expect(judgement.totals.dataFrames).toBeGreaterThan(0);
  expect(judgement.verdict).toBe('inconclusive');
  expect(signatures(judgement)).toEqual(['nothing-judged']);
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

test('a host that was asked for and never heard is no pass; one that stands in a list is noted', () => {
  const silent = '02:00:00:00:07:07';
  const files = minute().files(AHEAD);
  const asked = judgeFiles(files, { hosts: [HOST, silent], asked: [HOST, silent] }).judgement;
  expect(asked.verdict).toBe('inconclusive');
  expect(asked.reasons).toEqual([
    `No neighbor frame of ${silent} was on any capture, in the time that all of them share: nothing is known about it.`,
  ]);
  const listed = judgeFiles(files, {
    hosts: [HOST, silent],
    names: new Map([
      [HOST, 'web1'],
      [silent, 'web2'],
    ]),
  }).judgement;
  expect(listed.verdict).toBe('pass');
  expect(listed.findings.map(({ verdict, sentence }) => `${verdict}: ${sentence}`)).toEqual([
    'note: No neighbor frame of web2 was on any capture, in the time that all of them share: nothing is known about it.',
  ]);
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
