import fc from 'fast-check';
import { expect, test } from '@playwright/test';
import {
  formatIpv4,
  formatIpv6,
  formatMac,
  linkLocalFromMac,
  parseIpv4,
  parseIpv6,
  parseMac,
  solicitedNode,
  solicitedNodeMac,
} from './address.js';
import { WireError } from './error.js';

// RFC 5952 4 and 5
const CANONICAL: readonly (readonly [string, string])[] = [
  ['2001:0db8:0:0:0:0:0:0001', '2001:db8::1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:DB8::AAAA', '2001:db8::aaaa'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
];

test('IPv6 text is canonical', () => {
  expect(CANONICAL.map(([text]) => formatIpv6(parseIpv6(text)))).toEqual(CANONICAL.map(([, canonical]) => canonical));
});

test('text of any address parses back', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      (bytes) =>
        Buffer.compare(parseIpv6(formatIpv6(bytes)), bytes) === 0 &&
        Buffer.compare(parseIpv4(formatIpv4(bytes)), bytes.subarray(0, 4)) === 0 &&
        Buffer.compare(parseMac(formatMac(bytes)), bytes.subarray(0, 6)) === 0,
    ),
    { numRuns: 200 },
  );
});

for (const text of [
  '',
  ':',
  ':::',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1::2::3',
  '1:2:3:4::5:6:7:8',
  '12345::',
  'g::',
  '::1.2.3',
  '1.2.3.4::',
  '::1%eth0',
  '1:',
]) {
  test(`"${text}" is not IPv6`, () => {
    expect(() => parseIpv6(text)).toThrow(WireError);
  });
}

for (const text of ['', '1.2.3', '1.2.3.4.5', '256.0.0.1', '01.2.3.4', '1.2.3.-4', ' 1.2.3.4', '1.2.3.4e0']) {
  test(`"${text}" is not IPv4`, () => {
    expect(() => parseIpv4(text)).toThrow(WireError);
  });
}

for (const text of [
  '',
  '02:00:00:00:01',
  '02:00:00:00:01:0a:0b',
  '02:00:00:00:01:0g',
  '2:0:0:0:1:a',
  '02-00:00-00:01-0a',
]) {
  test(`"${text}" is not a MAC`, () => {
    expect(() => parseMac(text)).toThrow(WireError);
  });
}

test('derived addresses', () => {
  const address = parseIpv6('2001:db8::12:3456');
  expect(formatIpv6(solicitedNode(address))).toBe('ff02::1:ff12:3456');
  expect(formatMac(solicitedNodeMac(address))).toBe('33:33:ff:12:34:56');
  expect(formatIpv6(linkLocalFromMac(parseMac('02:00:00:00:01:0a')))).toBe('fe80::ff:fe00:10a');
});
