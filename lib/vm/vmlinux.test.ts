import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { madeBzImage, madeElf } from './testing/madeKernel.js';
import { bannerOf, startable } from './vmlinux.js';

const RELEASE = '6.17.0-rc1-mine+';
const BANNER = `${RELEASE} (me@here) #3 SMP`;

test('a kernel says its version, compressed or not; other files say none', () => {
  expect(bannerOf(madeBzImage(RELEASE))).toBe(BANNER);
  expect(bannerOf(madeElf(RELEASE))).toBe(BANNER);
  for (const other of [Buffer.alloc(0), Buffer.alloc(4096), Buffer.from('\x7fELF with no word of a version', 'latin1')])
    expect(bannerOf(other)).toBeNull();
  // Cut short, as by a full disk.
  expect(bannerOf(madeBzImage(RELEASE).subarray(0, -8))).toBeNull();
});

test('QEMU gets a kernel without its compression where it can start one, and else the bzImage, which unpacks itself', () => {
  expect(startable(madeBzImage(RELEASE))).toEqual(madeElf(RELEASE));
  expect(startable(madeElf(RELEASE))).toEqual(madeElf(RELEASE));
  const withoutEntry = madeBzImage(RELEASE, gzipSync(madeElf(RELEASE, { pvh: false })));
  const lz4 = madeBzImage(RELEASE, Buffer.from('an lz4 stream'));
  for (const image of [withoutEntry, lz4]) expect(startable(image)).toBe(image);
  expect(startable(madeElf(RELEASE, { pvh: false }))).toBeNull();
});
