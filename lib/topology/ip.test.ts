import { isIP } from 'node:net';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { contains, formatIp, formatPrefix, isUsable, overlaps, parseIp, parsePrefix, type Ip, type Prefix } from './ip.js';

const ip = (text: string): Ip => parseIp(text) ?? expect.soft(text).toBe('an address') ?? { version: 4, value: 0n };
const prefix = (text: string): Prefix => parsePrefix(text) ?? expect.soft(text).toBe('a prefix') ?? { version: 4, base: 0n, length: 0 };

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

test('version 6 is written as RFC 5952 and as URLs write it', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant(0n), fc.bigInt(0n, 0xffffn)), { minLength: 8, maxLength: 8 }), (groups) => {
      const value = groups.reduce((sum, group) => (sum << 16n) | group, 0n);
      const text = formatIp({ version: 6, value });
      expect(parseIp(text)).toEqual({ version: 6, value });
      expect(new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]/`).hostname).toBe(`[${text}]`);
    }),
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
  expect(['192.0.2.0', '192.0.2.1', '192.0.2.254', '192.0.2.255'].map((text) => isUsable(prefix('192.0.2.0/24'), ip(text)))).toEqual([false, true, true, false]);
  expect(['2001:db8::', '2001:db8::1', '2001:db8::ffff:ffff:ffff:ffff'].map((text) => isUsable(prefix('2001:db8::/64'), ip(text)))).toEqual([false, true, true]);
});
