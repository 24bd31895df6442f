import { expect, test } from '@playwright/test';
import { buildFrame } from '../../../wire/build.js';
import { classify, newClassification } from '../../../wire/classify.js';
import { summariseFrame } from '../../../wire/describe.js';
import type { VlanTag } from '../../../wire/frame.js';
import { KINDS, type KindId } from '../../../wire/kinds.js';
import { readToken } from '../../../wire/token.js';
import { ACTIONS, announceForeign, announceStranger, nameOtherSystem, untag, untagInner } from './actions.js';

const SALT = 7;
const SENDER = '02:00:00:00:01:0a';

function frame(kind: KindId, tags: readonly VlanTag[]): Uint8Array {
  return buildFrame(kind, {
    sourceMac: SENDER,
    sourceIpv4: '192.0.2.10',
    sourceIpv6: '2001:db8:20::a',
    gatewayMac: '02:00:00:00:fe:01',
    gatewayIpv4: '192.0.2.1',
    gatewayIpv6: '2001:db8:20::1',
    variation: 0,
    tags,
    salt: SALT,
    id: 5,
  });
}

const TAGS: readonly VlanTag[] = [{ tpid: 0x8100, vid: 20, pcp: 3, dei: false }];

function kindOf(bytes: Uint8Array): KindId | undefined {
  const found = newClassification();
  return KINDS[classify(bytes, 0, bytes.length, found)]?.id;
}

test('a frame that is held is the same, later', () => {
  const sent = frame('ns-unicast', TAGS);
  expect(ACTIONS.hold?.(120)(sent)).toEqual([{ frame: sent, afterMs: 120 }]);
});

test('a tag is taken off, and nothing else', () => {
  const [made] = untag(frame('arp-reply-unicast', TAGS));
  expect(made?.frame).toEqual(frame('arp-reply-unicast', []));
  expect(untag(frame('na-solicited', []))[0]?.frame).toEqual(frame('na-solicited', []));
});

test('of two tags the inner one is taken off, and of fewer none', () => {
  const inner: VlanTag = { tpid: 0x8100, vid: 7, pcp: 1, dei: false };
  for (const tpid of [0x88a8, 0x8100] as const) {
    const outer = TAGS.map((tag) => ({ ...tag, tpid }));
    expect(untagInner(frame('na-solicited', [...outer, inner]))[0]?.frame).toEqual(frame('na-solicited', outer));
    expect(untagInner(frame('na-solicited', outer))[0]?.frame).toEqual(frame('na-solicited', outer));
  }
  expect(untagInner(frame('na-solicited', []))[0]?.frame).toEqual(frame('na-solicited', []));
});

test('what is invented is a gratuitous ARP reply without a token, in the same network', () => {
  for (const tags of [[], TAGS]) {
    const [foreign] = announceForeign(frame('arp-request-broadcast', tags));
    const [stranger] = announceStranger(frame('arp-request-broadcast', tags));
    if (foreign === undefined || stranger === undefined) throw new Error('nothing was invented');
    for (const { frame: made } of [foreign, stranger]) {
      expect(kindOf(made)).toBe('garp-reply');
      expect(readToken(made, 0, made.length, SALT)).toBe(-1);
      expect(made.length).toBeGreaterThanOrEqual(60);
      expect(made.slice(12, 12 + 4 * tags.length)).toEqual(frame('garp-reply', tags).slice(12, 12 + 4 * tags.length));
    }
    expect(summariseFrame(foreign.frame)).toContain('192.0.2.74');
    expect(summariseFrame(stranger.frame)).toContain('192.0.2.10');
    expect([...foreign.frame.slice(6, 12)]).toEqual([2, 0, 0, 0, 1, 0x0a]);
    expect([...stranger.frame.slice(6, 12)]).not.toEqual([2, 0, 0, 0, 1, 0x0a]);
  }
});

test('of a probe, which tells no address, and of what is no ARP nothing is invented', () => {
  expect(announceForeign(frame('arp-probe', []))).toEqual([]);
  expect(announceStranger(frame('ns-multicast', TAGS))).toEqual([]);
});

test('a LACPDU names another system, of the same port and with the same partner; another frame stays as it is', () => {
  // Of Open vSwitch 3.5.0, without the zeros at its end.
  const before = '0180c200000202000002010188090101011403e8';
  const after = '0001ffff00653b0000000214ffff020000010001000f00ff00013f000000';
  const lacpdu = Buffer.from(`${before}0200000f00ac${after}`, 'hex');
  const [made] = nameOtherSystem(lacpdu);
  expect(Buffer.from(made?.frame ?? []).toString('hex')).toBe(`${before}020000fffffc${after}`);
  expect(lacpdu.toString('hex')).toContain('0200000f00ac');
  for (const other of [frame('ns-unicast', TAGS), frame('arp-request-broadcast', [])])
    expect(nameOtherSystem(other)).toEqual([{ frame: other, afterMs: 0 }]);
});
