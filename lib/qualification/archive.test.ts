import { expect, test } from '@playwright/test';
import { zipSync, type Zippable } from 'fflate';
import { readArchive, writeArchive, type Files } from './archive.js';
import { BundleError } from './error.js';

const FILES: Files = new Map([
  ['b/c.txt', Buffer.from('two')],
  ['a.txt', Buffer.from('one')],
  ['7', Buffer.from('three')],
]);

function refusal(bytes: Uint8Array): string {
  try {
    readArchive(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(BundleError);
    return (error as Error).message;
  }
  return 'it was read';
}

const zip = (files: Zippable) => zipSync(files, { level: 0, mtime: new Date(1980, 0, 1, 12) });

test('what is written is read, and is the same bytes in each order and time zone', () => {
  const bytes = writeArchive(FILES);
  expect(readArchive(bytes)).toEqual(new Map([...FILES].sort(([a], [b]) => (a < b ? -1 : 1))));
  const zone = process.env['TZ'];
  process.env['TZ'] = 'Pacific/Auckland';
  expect(Buffer.compare(writeArchive(new Map([...FILES].reverse())), bytes)).toBe(0);
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

test('a path that leads elsewhere is refused', () => {
  expect(() => writeArchive(new Map([['__proto__', Buffer.from('x')]]))).toThrow(BundleError);
  for (const path of [
    '../a',
    'a/../b',
    '/etc/passwd',
    'a\\b',
    'C:/a',
    'a//b',
    './a',
    'a\nb',
    'ü',
    'a/',
    'a.',
    '\u001b[2J',
  ])
    expect(refusal(zip({ [path]: Buffer.from('x') })), path).toMatch(/may not be in a bundle|no zip|larger/);
  for (const path of ['../a', 'a/../b', './a', '..'])
    expect(refusal(zip({ [path]: Buffer.from('x') })), path).toBe(
      `the path ${JSON.stringify(path)} may not be in a bundle: it leads out of its folder`,
    );
  expect(refusal(zip({ a: Buffer.from('x'), A: Buffer.from('y') }))).toContain('the same name on some systems');
  expect(refusal(zip({ a: Buffer.from('x'), 'a/b': Buffer.from('y') }))).toContain('is a file and a folder');
});

test('a zip that two readers could read differently is refused', () => {
  const good = writeArchive(FILES);
  const said = 'it is not a zip as `everyleaf qualify` writes it';
  // Before it, behind it, another time, a comment of a file, another order.
  expect(refusal(Buffer.concat([good, Buffer.from('x')]))).toMatch(/no zip|not a zip/);
  expect(refusal(Buffer.concat([Buffer.from('x'), good]))).toMatch(/no zip|not a zip|may not be/);
  expect(refusal(zipSync({ a: Buffer.from('x') }, { level: 0, mtime: new Date(1999, 0, 1) }))).toContain(said);
  expect(refusal(zip({ a: [Buffer.from('x'), { comment: 'more' }] }))).toContain(said);
  expect(refusal(zip({ b: Buffer.from('x'), a: Buffer.from('y') }))).toContain(said);
  // The name in front of a file's bytes is another than that in the directory.
  const named = Buffer.from(zip({ abc: Buffer.from('x') }));
  named[30] = 0x62;
  expect(refusal(named)).toContain(said);
  expect(refusal(zipSync({ a: Buffer.alloc(100_000) }, { level: 9 }))).toContain('it is compressed');
  expect(refusal(Buffer.from('no zip'))).toContain('it is no zip that can be read');
  expect(refusal(good.subarray(0, good.length - 30))).toContain('it is no zip that can be read');
});

test('what is written by the library is what is demanded when it is read', () => {
  const many = new Map(
    Array.from({ length: 300 }, (_, i) => [`f/${i}/${'n'.repeat(i % 200)}x`, Buffer.alloc(i * 7, i)] as const),
  );
  expect(readArchive(writeArchive(many)).size).toBe(300);
});

test('every single bit of a zip counts', () => {
  const good = writeArchive(new Map([['a', Buffer.from('x')]]));
  for (let at = 0; at < good.length * 8; at++) {
    const broken = new Uint8Array(good);
    broken[at >> 3] = (broken[at >> 3] ?? 0) ^ (1 << (at & 7));
    try {
      const files = readArchive(broken);
      // Only where it is another good bundle: another name, or another content, with the sum of it.
      if (Buffer.compare(writeArchive(files), broken) !== 0) throw new Error(`bit ${at} does not count`);
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
    }
  }
});
