import { isIP } from 'node:net';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  contains,
  formatIp,
  formatPrefix,
  isUsable,
  overlaps,
  parseIp,
  parsePrefix,
  type Ip,
  type Prefix,
} from './ip.js';

function given<T>(value: T | null): T {
  if (value === null) throw new Error('a text of this test means nothing');
  return value;
}

const ip = (text: string): Ip => given(parseIp(text));
const prefix = (text: string): Prefix => given(parsePrefix(text));

test('texts are accepted exactly when Node accepts them, apart from zones and dotted quads', () => {
  const near = fc.stringMatching(/^[0-9a-f:.]{1,24}$/);
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), near), (text) => {
      fc.pre(!(text.includes(':') && text.includes('.')));
      return (parseIp(text)?.version ?? 0) === isIP(text);
    }),
    { numRuns: 2000 },
  );
});

test('the double colon stands for one group at least, once (RFC 4291 2.2)', () => {
  expect(
    ['1:2:3:4:5:6:7::8', '1::2::3', ':::', '1:2:3:4:5:6:7', '12345::', '::1%eth0', '::192.0.2.1'].map(parseIp),
  ).toEqual(Array(7).fill(null));
  expect(['1:2:3:4:5:6::8', '::', '1::'].map((text) => formatIp(ip(text)))).toEqual(['1:2:3:4:5:6:0:8', '::', '1::']);
});

test('version 6 is written as RFC 5952 and as URLs write it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant(0n), fc.bigInt(0n, 0xffffn)), { minLength: 8, maxLength: 8 }),
      (groups) => {
        const value = groups.reduce((sum, group) => (sum << 16n) | group, 0n);
        const text = formatIp({ version: 6, value });
        expect(parseIp(text)).toEqual({ version: 6, value });
        expect(new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]/`).hostname).toBe(`[${text}]`);
      },
    ),
    { examples: [[[0n, 0n, 0n, 0n, 0n, 0xffffn, 0xc000n, 0x0201n]]] },
  );
});

test('a prefix has no host bits, and knows what is in it', () => {
  expect(parsePrefix('192.0.2.1/24')).toBeNull();
  expect(parsePrefix('192.0.2.0/33')).toBeNull();
  expect(parsePrefix('192.0.2.0')).toBeNull();
  expect(parsePrefix('192.0.2.0/024')).toBeNull();
  expect(formatPrefix(prefix('2001:0db8:0020::/64'))).toBe('2001:db8:20::/64');
  expect(contains(prefix('192.0.2.0/24'), ip('192.0.2.255'))).toBe(true);
  expect(contains(prefix('192.0.2.0/24'), ip('192.0.3.0'))).toBe(false);
  expect(contains(prefix('::/0'), ip('0.0.0.0'))).toBe(false);
  expect(overlaps(prefix('192.0.2.0/24'), prefix('192.0.2.128/25'))).toBe(true);
  expect(overlaps(prefix('192.0.2.128/25'), prefix('192.0.2.0/24'))).toBe(true);
  expect(overlaps(prefix('192.0.2.128/25'), prefix('192.0.2.0/25'))).toBe(false);
});

test('network and broadcast addresses are for nobody', () => {
  expect(
    ['192.0.2.0', '192.0.2.1', '192.0.2.254', '192.0.2.255'].map((text) => isUsable(prefix('192.0.2.0/24'), ip(text))),
  ).toEqual([false, true, true, false]);
  expect(
    ['2001:db8::', '2001:db8::1', '2001:db8::ffff:ffff:ffff:ffff'].map((text) =>
      isUsable(prefix('2001:db8::/64'), ip(text)),
    ),
  ).toEqual([false, true, true]);
});
