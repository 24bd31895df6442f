import { expect, test } from '@playwright/test';
import { buildFrame } from './build.js';
import { differences } from './compare.js';
import type { VlanTag } from './frame.js';
import { catalogueFrames, SAMPLE } from './testing/catalogue.js';
import { withTags } from './ethernet.js';

const VID20: VlanTag = { tpid: 0x8100, vid: 20, pcp: 0, dei: false };
const reply = buildFrame('arp-reply-unicast', SAMPLE);
const dad = buildFrame('ns-dad-nonce', SAMPLE);

function changed(frame: Uint8Array, at: number, value: number): Uint8Array {
  const out = Uint8Array.from(frame);
  out[at] = value;
  return out;
}

test('a copy of every kind is identical to itself', () => {
  for (const { frame, tags } of catalogueFrames([0])) expect(differences(frame, tags, frame, frame.length)).toEqual([]);
});

test('any changed byte of any kind is a difference', () => {
  for (const { frame, tags, kind } of catalogueFrames([1])) {
    for (let i = 0; i < frame.length; i++) {
      if (differences(frame, tags, changed(frame, i, (frame[i] ?? 0) ^ 0x11), frame.length).length === 0)
        throw new Error(`${kind}: byte ${i} may change`);
    }
  }
});

test('the declared tag is expected, on frames that were sent with and without it', () => {
  const tagged = withTags(reply, [VID20]);
  expect(differences(reply, [VID20], tagged, tagged.length)).toEqual([]);
  expect(differences(tagged, [], reply, reply.length)).toEqual([]);
  expect(differences(tagged, [VID20], reply, reply.length)).toEqual(['tag vid 20 missing']);
  expect(differences(reply, [], tagged, tagged.length)).toEqual(['tag vid 20 added']);
  const other = withTags(reply, [{ ...VID20, pcp: 5 }]);
  expect(differences(tagged, [VID20], other, other.length)).toEqual([
    'tags are 802.1Q vid 20 pcp 5, were 802.1Q vid 20 pcp 0',
  ]);
});

test('differences are named', () => {
  expect(differences(reply, [], changed(reply, 11, 0xbb), 60)).toEqual([
    'source MAC is 02:00:00:00:01:bb, was 02:00:00:00:01:0a',
  ]);
  expect(differences(reply, [], changed(reply, 31, 12), 60)).toEqual([
    'ARP sender IPv4 is 198.51.100.12, was 198.51.100.10',
  ]);
  expect(differences(dad, [], changed(dad, 80, 1), dad.length)).toEqual([
    'ICMPv6 nonce is 01000007beef, was 00000007beef',
  ]);
  const udp = buildFrame('data-udp', SAMPLE);
  expect(differences(udp, [], changed(udp, 45, 0), udp.length)).toEqual(['UDP data differs', 'byte 45: 00, was 5a']);
  const nearMiss = buildFrame('near-miss-ethertype-0805', SAMPLE);
  expect(differences(nearMiss, [], changed(nearMiss, 13, 7), 60)).toEqual([
    'Ethernet type is EtherType 0x0807, was EtherType 0x0805',
  ]);
});

test('padding may come and go, bytes may not', () => {
  const padded = new Uint8Array(64);
  padded.set(reply);
  expect(differences(reply, [], padded, 64)).toEqual([]);
  expect(differences(padded, [], reply, 60)).toEqual([]);
  expect(differences(reply, [], reply.subarray(0, 48), 48)).toEqual(['12 bytes of the end are lost']);
  padded[63] = 1;
  expect(differences(reply, [], padded, 64)).toEqual(['4 bytes are added: 00000001']);
});

test('a capture that was cut is compared as far as it goes', () => {
  expect(differences(dad, [], dad.subarray(0, 64), dad.length)).toEqual([]);
  expect(differences(dad, [], changed(dad, 50, 1).subarray(0, 64), dad.length)).not.toEqual([]);
  expect(differences(dad, [], dad.subarray(0, 64), dad.length - 12)).toEqual(['12 bytes of the end are lost']);
});
