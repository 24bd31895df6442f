import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { wrongIn } from './filter.js';
import { OBJECT, SOURCE_SHA256 } from './object.js';
import { MOST_COPIES, objectFor, tagsOf } from './program.js';

/** An instruction that writes an immediate into R2, the second operand of a call. */
const toR2 = (index: number): Buffer => {
  const bytes = Buffer.from([0xb7, 2, 0, 0, 0, 0, 0, 0]);
  bytes.writeUInt32LE(index, 4);
  return bytes;
};

const TAG_OF_5 = '2eb9ad3c6158720f';

const filter = (tag: string, change: object = {}) => ({
  ...{ protocol: 'all', pref: 1, kind: 'bpf', chain: 0 },
  options: { handle: '0x1', bpf_name: 'copies.o:[tc]', 'direct-action': true, prog: { id: 104, tag }, ...change },
});
const said = (...filters: readonly object[]) =>
  wrongIn(JSON.stringify(filters.flatMap((one) => [{ ...one, options: undefined }, one])), [5]);

test('the bytes were made of the source that lies beside them', () => {
  const source = readFileSync(join(import.meta.dirname, 'copies.c'));
  expect(createHash('sha256').update(source).digest('hex'), 'run compile.sh').toBe(SOURCE_SHA256);
});

test('each copy goes to one interface, and what is left over to none', () => {
  const bare = Buffer.from(OBJECT, 'base64');
  const object = objectFor([3, 0x01_02_03]);
  expect(object).toHaveLength(bare.length);
  const differs = Array.from(bare).flatMap((byte, at) => (byte === object[at] ? [] : [at]));
  // Nothing but immediates: 4 bytes each.
  expect(differs.length).toBeLessThanOrEqual(4 * MOST_COPIES);
  expect([toR2(3), toR2(0x01_02_03)].map((bytes) => object.includes(bytes))).toEqual([true, true]);
  expect(object.indexOf(toR2(3))).toBeLessThan(object.indexOf(toR2(0x01_02_03)));
  expect(object.toString('latin1').split(toR2(0).toString('latin1'))).toHaveLength(MOST_COPIES - 2 + 1);
  expect(() => objectFor(Array.from({ length: MOST_COPIES + 1 }, () => 1))).toThrow('8 copies are wanted');
});

test('the tag is that of the kernel: SHA-256 from 6.18 on, SHA-1 before', () => {
  // Said by "tc -j filter show" of Linux 6.18 for a program that copies to interface 5.
  expect(tagsOf(objectFor([5]))).toEqual([expect.stringMatching(/^[\da-f]{16}$/), TAG_OF_5]);
});

test('a program with another tag, without direct-action, twice, or none is told', () => {
  expect(said(filter(TAG_OF_5))).toEqual([]);
  expect(said(filter(tagsOf(objectFor([5]))[0] ?? ''))).toEqual([]);
  expect(said()).toEqual(['it has no filter']);
  expect(said(filter(tagsOf(objectFor([4]))[1] ?? ''))[0]).toContain('the program has the tag');
  expect(said(filter('', { prog: undefined }))[0]).toContain('the tag none instead of');
  expect(said(filter(TAG_OF_5, { 'direct-action': undefined }))).toEqual([
    'what the program returns is taken for a class',
  ]);
  expect(said({ ...filter(TAG_OF_5), protocol: 'arp' })).toEqual(['it is not a program for all frames']);
  expect(said({ ...filter(TAG_OF_5), kind: 'u32' })).toEqual(['it is not a program for all frames']);
  expect(said(filter(TAG_OF_5), filter(TAG_OF_5))).toEqual(['2 filters instead of 1']);
});
