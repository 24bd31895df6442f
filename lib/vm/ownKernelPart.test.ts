import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { isKeptKernel, keptKernel, ownKernelPart } from './ownKernelPart.js';

const BEFORE = process.env['XDG_CACHE_HOME'];
const RELEASE = '6.17.0-mine';
let home = '';

test.beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'everyleaf-own-part-'));
  process.env['XDG_CACHE_HOME'] = join(home, 'cache');
  mkdirSync(join(home, RELEASE, 'kernel/net'), { recursive: true });
  writeFileSync(join(home, RELEASE, 'modules.order'), 'kernel/net/bonding.ko\n');
  writeFileSync(join(home, RELEASE, 'modules.builtin'), '');
  symlinkSync(home, join(home, RELEASE, 'build'));
});
test.afterEach(() => {
  if (BEFORE === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = BEFORE;
  rmSync(home, { recursive: true });
});

test('a kernel of a person is kept by its content: the same release built anew is another', async () => {
  const module = join(home, RELEASE, 'kernel/net/bonding.ko');
  const made = async (image: string, bonding: string) => {
    writeFileSync(module, bonding);
    const own = { image: '/b/bzImage', release: RELEASE, modules: join(home, RELEASE), banner: `${RELEASE} #3` };
    return ownKernelPart({ ...own, bytes: Buffer.from(image) }, () => undefined);
  };
  const first = await made('one', 'bonding');
  expect((await made('one', 'bonding')).folder).toBe(first.folder);
  const others = [await made('two', 'bonding'), await made('one', 'mended')];
  expect(new Set([first, ...others].map(({ folder }) => folder)).size).toBe(3);
  expect(readFileSync(join(first.folder, 'vmlinux'), 'utf8')).toBe('one');
  const tree = join(first.folder, 'tree/lib/modules', RELEASE);
  expect(readFileSync(join(tree, 'kernel/net/bonding.ko'), 'utf8')).toBe('bonding');
  expect([existsSync(join(tree, 'modules.dep')), existsSync(join(tree, 'build'))]).toEqual([true, false]);

  const name = basename(first.folder);
  expect(isKeptKernel(name)).toBe(true);
  expect(keptKernel(name)).toEqual(first);
  rmSync(first.folder, { recursive: true });
  expect(() => keptKernel(name)).toThrow('is no longer in the cache of guests');
});
