import { expect, test } from '@playwright/test';
import type { KindId } from '../../wire/kinds.js';
import type { VlanTag } from '../../wire/frame.js';
import { withTags } from '../../wire/ethernet.js';
import { judgeFiles, MS, plainFrame, SECOND, US, type Time } from '../testing/captures.js';
import { AHEAD, minute, signatures } from '../testing/minute.js';
import type { Judgement } from '../types.js';

const ROUNDS = 20;
const vlan = (vid: number): VlanTag => ({ tpid: 0x8100, vid, pcp: 0, dei: false });

type Alter = (frame: Uint8Array) => void;
const toOther: Alter = (frame) => (frame[5] = (frame[5] ?? 0) ^ 1);
const hopLess: Alter = (frame) => {
  const at = (frame[14] ?? 0) >> 4 === 6 ? 21 : 22;
  frame[at] = (frame[at] ?? 0) - 2;
};
const fromBehind: Alter = (frame) => {
  toOther(frame);
  hopLess(frame);
};
const nothing: Alter = () => undefined;

/** Each frame on one leaf in VLAN 10, and on the other a little later in `vid`. */
function judged(kind: KindId, vid: number, alter: Alter): Judgement {
  const captures = minute();
  for (let round = 0; round < ROUNDS; round++) {
    const frame = plainFrame(kind, { variation: 5_000 + round });
    const at = (10 + 2 * round) * SECOND;
    captures.see(round % 2, at, withTags(frame, [vlan(10)]));
    const other = frame.slice();
    alter(other);
    captures.see(
      (round + 1) % 2,
      at + (round < 10 ? 1_500 * US : 30 * MS),
      withTags(other, vid === 0 ? [] : [vlan(vid)]),
    );
  }
  return judgeFiles(captures.files(AHEAD)).judgement;
}

const OWN: readonly (readonly [string, KindId, number, Alter])[] = [
  ['to another MAC, with fewer hops, as from behind a firewall', 'data-tcp', 10, fromBehind],
  ['in another VLAN with fewer hops, to the same gateway', 'data-tcp', 20, hopLess],
  ['in another VLAN with fewer hops over IPv6', 'data-echo6', 20, hopLess],
  ['to a group in another VLAN', 'data-mdns', 20, nothing],
  ['to a group without a tag', 'data-mdns', 0, nothing],
  ['of DHCP without a tag', 'data-dhcp', 0, nothing],
];

for (const [what, kind, vid, alter] of OWN)
  test(`P4: a packet that comes to another leaf ${what}, is none that must have been copied`, () => {
    const judgement = judged(kind, vid, alter);
    expect(judgement).toMatchObject({ verdict: 'inconclusive', totals: { dataDuplicated: 0, altered: 0 } });
    expect(judgement.reasons).toHaveLength(1);
    expect(judgement.reasons[0]).toContain(
      `${ROUNDS} data frames from 02:00:00:00:01:0a were on another leaf within 50 ms`,
    );
  });

test('P4: what to the same MAC has another hop limit, or other tags, was copied', () => {
  for (const [vid, alter] of [
    [10, hopLess],
    [20, nothing],
  ] as const)
    expect(signatures(judged('data-tcp', vid, alter))).toEqual(['identity', 'data-replicated']);
});

/** The same frame of the host at these times, by leaf. */
function repeated(times: readonly (readonly [leaf: number, at: Time])[], spells = 5): Judgement {
  const captures = minute();
  for (let spell = 0; spell < spells; spell++)
    for (const [leaf, at] of times)
      captures.see(leaf, (10 + 5 * spell) * SECOND + at, plainFrame('data-udp', { variation: 5_000 + spell }));
  return judgeFiles(captures.files(AHEAD)).judgement;
}

test('P4: what a host says again and again may be spread over leaves by its bond', () => {
  for (const gap of [1 * MS, 4 * MS, 7 * MS, 20 * MS]) {
    const judgement = repeated(Array.from({ length: 40 }, (_, i) => [i % 2, i * gap]));
    expect({ gap, verdict: judgement.verdict }).toEqual({ gap, verdict: 'inconclusive' });
    expect(judgement.reasons).toHaveLength(1);
    expect(judgement.reasons[0]).toContain('says the same again and again');
    expect(judgement.totals).toMatchObject({ dataDuplicated: 0 });
  }
});

test('P4: what doubles all data, on each leg or the other one, still copies it', () => {
  for (const gap of [5 * US, 3 * MS, 20 * MS])
    for (const times of [
      [
        [0, 0],
        [0, gap],
        [1, gap + 30 * US],
      ],
      [
        [0, 0],
        [1, gap],
        [1, 2 * gap],
      ],
    ] as const)
      expect(repeated(times, 8).verdict).toBe('fail');
});

test('P4: what is repeated once a second and copied each time was copied', () => {
  const judgement = repeated(
    Array.from({ length: 8 }, (_, i) => [i % 2, (i >> 1) * SECOND + (i % 2) * 40 * US]),
    8,
  );
  expect(signatures(judgement)).toEqual(['data-replicated']);
  expect(judgement.totals).toMatchObject({ dataDuplicated: 32 });
});
