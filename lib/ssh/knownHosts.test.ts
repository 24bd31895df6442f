import { createHmac } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { algorithmsFor, fingerprintOf, knownName, linesFor, parseKnownHosts, refusalOf } from './knownHosts.js';

/** The blob of a key of that type; what follows the type is made up. */
function keyOf(type: string, secret: string): Buffer {
  const strings = [type, secret].map((text) => Buffer.from(text, 'latin1'));
  return Buffer.concat(
    strings.flatMap((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(text.length);
      return [length, text];
    }),
  );
}

const ED = keyOf('ssh-ed25519', 'good');
const OTHER_ED = keyOf('ssh-ed25519', 'other');
const RSA = keyOf('ssh-rsa', 'good');
const line = (hosts: string, key: Buffer, marker = '') =>
  `${marker}${marker === '' ? '' : ' '}${hosts} ${key.toString('latin1', 4, 4 + key.readUInt32BE(0))} ${key.toString('base64')} a comment`;

function hashed(name: string): string {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

/** How the key of a host is judged by such a file: null when it is known. */
function judged(lines: readonly string[], host: string, port: number, key: Buffer): string | null {
  const name = knownName(host, port);
  return refusalOf(linesFor(parseKnownHosts('FILE', lines.join('\n')), name), name, ['FILE'], key)?.reason ?? null;
}

for (const [what, hosts, host, port, known] of [
  ['a plain name', 'leaf-a', 'leaf-a', 22, true],
  ['a name in other letters', 'leaf-a', 'LEAF-A', 22, true],
  ['another name', 'leaf-a', 'leaf-b', 22, false],
  ['a list', 'leaf-a,192.0.2.1', '192.0.2.1', 22, true],
  ['a port', '[leaf-a]:2222', 'leaf-a', 2222, true],
  ['another port', '[leaf-a]:2222', 'leaf-a', 2223, false],
  ['a name without the port', 'leaf-a', 'leaf-a', 2222, false],
  ['a port that is not used', '[leaf-a]:2222', 'leaf-a', 22, false],
  ['a pattern', '*.lab', 'leaf-a.lab', 22, true],
  ['a pattern whose dot is a dot', '*.lab', 'leaf-a-lab', 22, false],
  ['one letter', 'leaf-?', 'leaf-a', 22, true],
  ['a pattern without the port', '*.lab', 'x.lab', 2222, false],
  ['a negated pattern', '*.lab,!bad.lab', 'bad.lab', 22, false],
  ['beside a negated pattern', '*.lab,!bad.lab', 'good.lab', 22, true],
  ['nothing but a negated pattern', '!bad.lab', 'good.lab', 22, false],
  ['a hashed name', hashed('leaf-a'), 'LEAF-a', 22, true],
  ['a hashed name with a port', hashed('[leaf-a]:2222'), 'leaf-a', 2222, true],
  ['another hashed name', hashed('leaf-b'), 'leaf-a', 22, false],
  ['an IPv6 address', '2001:db8::1', '2001:db8::1', 22, true],
  ['an IPv6 address with a port', '[2001:db8::1]:2222', '2001:db8::1', 2222, true],
] as const)
  test(`a key is ${known ? 'known' : 'unknown'} by ${what}`, () => {
    const reason = judged([line(hosts, ED)], host, port, ED);
    if (known) expect(reason).toBeNull();
    else expect(reason).toContain(`is not known: no line about ${knownName(host, port)} in FILE`);
  });

test('a changed key is refused with the line that knows another', () => {
  const lines = ['# a comment', '', line('leaf-a', RSA), line('leaf-a', ED)];
  expect(judged(lines, 'leaf-a', 22, OTHER_ED)).toBe(
    `the host key that it shows (ssh-ed25519, ${fingerprintOf(OTHER_ED)}) is not the one that is known for leaf-a (ssh-ed25519) at FILE:4`,
  );
  expect(judged(lines, 'leaf-a', 22, ED)).toBeNull();
  // A key of a type that is not known is as unknown as a changed one.
  expect(judged([line('leaf-a', RSA)], 'leaf-a', 22, ED)).toContain('known for leaf-a (ssh-rsa) at FILE:1');
});

test('a revoked key is refused, also where another line knows it', () => {
  const lines = [line('leaf-a', ED), line('*', ED, '@revoked')];
  expect(judged(lines, 'leaf-a', 22, ED)).toContain('is revoked at FILE:2');
  expect(judged([line('leaf-a', ED), line('*', OTHER_ED, '@revoked')], 'leaf-a', 22, ED)).toBeNull();
});

test('an authority knows no key, and is named as the reason', () => {
  const authority = line('*.lab', ED, '@cert-authority');
  expect(judged([authority], 'leaf-a.lab', 22, ED)).toContain('a certificate authority only (FILE:1)');
  expect(judged([authority, line('leaf-a.lab', ED)], 'leaf-a.lab', 22, ED)).toBeNull();
});

test('damaged lines and unknown markers know nothing', () => {
  const blob = ED.toString('base64');
  const damaged = ['leaf-a', 'leaf-a ssh-ed25519', `@trusted leaf-a ssh-ed25519 ${blob}`, `|2|a|b ssh-ed25519 ${blob}`];
  expect(judged(damaged, 'leaf-a', 22, ED)).toContain('is not known');
});

test('the server is asked for the keys that are known first', () => {
  const about = (...lines: readonly string[]) => algorithmsFor(parseKnownHosts('FILE', lines.join('\n')));
  expect(about(line('leaf-a', RSA)).slice(0, 4)).toEqual(['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa', 'ssh-ed25519']);
  expect(about(line('leaf-a', RSA, '@revoked'))[0]).toBe('ssh-ed25519');
  expect([...about()].sort()).toEqual([...about(line('leaf-a', RSA))].sort());
});
