import fc from 'fast-check';
import { expect, test } from '@playwright/test';
import { buildFrame } from './build.js';
import { fieldsOf, summariseFrame } from './describe.js';
import type { KindId } from './kinds.js';
import { anyBytes } from './testing/arbitrary.js';
import { SAMPLE } from './testing/catalogue.js';

const SENTENCES: readonly (readonly [KindId, string])[] = [
  ['arp-request-broadcast', 'ARP request who-has 198.51.100.1 tell 198.51.100.10'],
  ['arp-request-unicast', 'ARP request who-has 198.51.100.1 tell 198.51.100.10 (unicast to 02:00:5e:00:01:01)'],
  ['arp-reply-unicast', 'ARP reply 198.51.100.10 is-at 02:00:00:00:01:0a to 198.51.100.1'],
  ['garp-reply', 'gratuitous ARP reply 198.51.100.10 is-at 02:00:00:00:01:0a'],
  ['arp-announcement', 'ARP announcement 198.51.100.10 is-at 02:00:00:00:01:0a'],
  ['arp-probe', 'ARP probe for 198.51.100.10 by 02:00:00:00:01:0a'],
  ['ns-dad-nonce', 'NS who-has 2001:db8:1::10, nonce 00000007beef, :: > ff02::1:ff00:10'],
  [
    'na-solicited',
    'NA 2001:db8:1::10 (solicited, override), target link-layer address 02:00:00:00:01:0a, 2001:db8:1::10 > 2001:db8:1::1',
  ],
  ['near-miss-tcp6-135', 'IPv6 TCP 34560 to 57344 2001:db8:1::10 > 2001:db8:ffff::9'],
  ['near-miss-ethertype-0805', 'EtherType 0x0805 02:00:00:00:01:0a to 02:00:5e:00:01:01'],
  ['lacpdu', 'LACPDU system 02:00:00:00:01:0a key 1 port 1, partner 00:00:00:00:00:00'],
];

for (const [kind, sentence] of SENTENCES) {
  test(`${kind} in one line`, () => {
    expect(summariseFrame(buildFrame(kind, SAMPLE))).toBe(sentence);
  });
}

test('tags come first', () => {
  const frame = buildFrame('arp-reply-unicast', {
    ...SAMPLE,
    tags: [
      { tpid: 0x88a8, vid: 30, pcp: 1, dei: true },
      { tpid: 0x8100, vid: 20, pcp: 0, dei: false },
    ],
  });
  expect(summariseFrame(frame)).toMatch(/^802\.1ad vid 30 pcp 1 dei \| 802\.1Q vid 20 pcp 0 \| ARP reply /);
});

test('fields are named by layer', () => {
  const layers = fieldsOf(
    buildFrame('ns-multicast', { ...SAMPLE, tags: [{ tpid: 0x8100, vid: 20, pcp: 3, dei: false }] }),
  );
  expect(layers.map(({ layer }) => layer)).toEqual(['Ethernet', '802.1Q', 'IPv6', 'ICMPv6', 'trailer', 'token']);
  expect(layers[3]?.fields).toContainEqual({ name: 'source link-layer address', value: '02:00:00:00:01:0a' });
  expect(layers[5]?.fields).toEqual([
    { name: 'salt', value: 'deadbeef' },
    { name: 'id', value: '7' },
  ]);
});

test('any bytes are described', () => {
  expect(summariseFrame(new Uint8Array(3))).toBe('undecodable frame of 3 bytes: address is cut short (byte 3)');
  fc.assert(
    fc.property(anyBytes, (bytes) => summariseFrame(bytes) !== '' && fieldsOf(bytes).length > 0),
    { numRuns: 500 },
  );
});
