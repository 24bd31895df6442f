import { expect, test } from '@playwright/test';
import { parseMac } from '../../wire/address.js';
import type { VlanTag } from '../../wire/frame.js';
import type { KindId } from '../../wire/kinds.js';
import { GATEWAY, HOST, judgeFiles, MS, plainFrame, SECOND, US } from '../testing/captures.js';
import { AHEAD, minute, signatures } from '../testing/minute.js';

const FRAMES = 20;
const vlan = (vid: number, pcp = 0): VlanTag => ({ tpid: 0x8100, vid, pcp, dei: false });

/** A copy of each frame comes to the next leaf, altered. */
function copied(
  kind: KindId,
  alter: (frame: Uint8Array) => Uint8Array,
  { leaves = 2, gap = 200 * US, tags = [vlan(10)] as readonly VlanTag[] } = {},
): ReturnType<typeof judgeFiles>['judgement'] {
  const captures = minute(leaves);
  for (let i = 0; i < FRAMES; i++) {
    const frame = plainFrame(kind, { variation: 5_000 + i, tags });
    const leaf = i % leaves;
    captures.see(leaf, (10 + i) * SECOND, frame);
    captures.see((leaf + 1) % leaves, (10 + i) * SECOND + gap, alter(frame.slice()));
  }
  return judgeFiles(captures.files(AHEAD)).judgement;
}

const packetOf = (frame: Uint8Array): number => (frame[12] === 0x81 ? 18 : 14);
const isIpv6 = (frame: Uint8Array): boolean => (frame[packetOf(frame)] ?? 0) >> 4 === 6;

/** Changes one byte of the packet, over IPv4 and over IPv6. */
function withByte(ipv4: number, ipv6: number, by: number): (frame: Uint8Array) => Uint8Array {
  return (frame) => {
    const at = packetOf(frame) + (isIpv6(frame) ? ipv6 : ipv4);
    frame[at] = (frame[at] ?? 0) ^ by;
    return frame;
  };
}

const oneHopLess = withByte(8, 7, 1);
const ofAnotherClass = withByte(1, 1, 0x80);
const withoutTag = (frame: Uint8Array): Uint8Array =>
  Uint8Array.from([...frame.subarray(0, 12), ...frame.subarray(16)]);
const inVlan = (tag: VlanTag) => (frame: Uint8Array) => {
  frame[14] = (tag.pcp << 5) | (tag.vid >> 8);
  frame[15] = tag.vid & 0xff;
  return frame;
};
const onceMoreTagged = (frame: Uint8Array): Uint8Array =>
  Uint8Array.from([...frame.subarray(0, 12), 0x88, 0xa8, 0, 20, ...frame.subarray(12)]);

const ALTERATIONS: readonly (readonly [string, KindId, (frame: Uint8Array) => Uint8Array])[] = [
  ['one hop less', 'data-tcp', oneHopLess],
  ['another traffic class', 'data-udp', ofAnotherClass],
  ['one hop less over IPv6', 'data-echo6', oneHopLess],
  ['another traffic class over IPv6', 'data-echo6', ofAnotherClass],
  ['without its tag', 'data-tcp', withoutTag],
  ['in another VLAN', 'data-udp', inVlan(vlan(20))],
  ['with another priority', 'data-echo', inVlan(vlan(10, 5))],
  ['with a second tag', 'data-tcp', onceMoreTagged],
  ['to a group, with one hop less', 'data-mdns', oneHopLess],
];

for (const [what, kind, alter] of ALTERATIONS)
  for (const [leaves, gap] of [
    [2, 200 * US],
    [3, 30 * MS],
  ] as const)
    test(`P4: data that comes to another of ${leaves} leaves ${gap / US} us later ${what} was copied`, () => {
      const judgement = copied(kind, alter, { leaves, gap });
      expect(signatures(judgement)).toEqual(['identity', 'data-replicated']);
      expect(judgement.kinds[kind]).toMatchObject({ dataDuplicated: FRAMES });
      expect(judgement.totals).toMatchObject({ dataDuplicated: FRAMES, altered: FRAMES });
    });

test('P4: a copy that comes first tells as much', () => {
  expect(signatures(copied('data-tcp', oneHopLess, { gap: -200 * US }))).toEqual(['identity', 'data-replicated']);
});

test('P4: a copy that is as it was is not called altered', () => {
  const judgement = copied('data-tcp', (frame) => frame, { gap: 30 * MS });
  expect(signatures(judgement)).toEqual(['data-replicated']);
});

function fromLinkLocal(frame: Uint8Array): Uint8Array {
  const at = packetOf(frame);
  frame.set(isIpv6(frame) ? [0xfe, 0x80] : [0xa9, 0xfe], at + (isIpv6(frame) ? 8 : 12));
  return frame;
}

const ROUTER = '02:00:00:00:01:0b';

const OTHER_FRAMES: readonly (readonly [string, KindId, (frame: Uint8Array) => Uint8Array])[] = [
  // A stack with one link-local address on several VLANs says the same in each.
  [
    'what a host says to a group in each of its VLANs from a link-local address',
    'data-mdns',
    (frame) => inVlan(vlan(20))(fromLinkLocal(frame)),
  ],
  [
    'what goes to a link-local address in each VLAN',
    'data-echo6',
    (frame) => {
      frame.set([0xfe, 0x80], 18 + 24);
      return inVlan(vlan(20))(frame);
    },
  ],
  ['another packet of the same flow', 'data-tcp', withByte(5, 3, 1)],
  [
    'what a host routes for another one, which has a MAC of its own',
    'data-tcp',
    (frame) => {
      frame.set([...parseMac(GATEWAY), ...parseMac(ROUTER)]);
      return oneHopLess(frame);
    },
  ],
];

for (const [what, kind, alter] of OTHER_FRAMES)
  test(`P4: ${what} is no copy`, () => {
    const captures = minute();
    for (let i = 0; i < FRAMES; i++) {
      const frame = plainFrame(kind, { variation: 5_000 + i, tags: [vlan(10)] });
      if (what.includes('to a link-local')) frame.set([0xfe, 0x80], 18 + 24);
      if (what.includes('from a link-local')) fromLinkLocal(frame);
      if (what.includes('routes')) frame.set(parseMac(ROUTER));
      captures.see(i % 2, (10 + i) * SECOND, frame);
      captures.see((i + 1) % 2, (10 + i) * SECOND + 200 * US, alter(frame.slice()));
    }
    const { judgement } = judgeFiles(captures.files(AHEAD), { hosts: [HOST, ROUTER] });
    expect(judgement.verdict).toBe('pass');
  });

test('P4: what comes 60 ms later is no copy', () => {
  expect(copied('data-tcp', oneHopLess, { gap: 60 * MS }).verdict).toBe('pass');
});
