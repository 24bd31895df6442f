import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { cachedPart } from './cache.js';
import { findOwnKernel } from './ownKernel.js';
import { ownKernelPart } from './ownKernelPart.js';
import { listParts } from './parts.js';
import { partsOfKernel } from './partsOf.js';
import { madeBzImage, madeElf } from './testing/madeKernel.js';

const quiet = () => undefined;
const BEFORE = process.env['XDG_CACHE_HOME'];
const RELEASE = '6.17.0-mine';
let home = '';

test.beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'everyleaf-parts-'));
  process.env['XDG_CACHE_HOME'] = join(home, 'cache');
});
test.afterEach(() => {
  if (BEFORE === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = BEFORE;
  rmSync(home, { recursive: true });
});

const nothing = () => Promise.resolve();

/** A guest and a snapshot of a kernel in the cache; the kernel's name. */
async function madeOn(kernel: { readonly release: string; readonly folder: string }): Promise<string> {
  const guest = await cachedPart('guest', { release: kernel.release, kernel: kernel.folder }, nothing, quiet);
  await cachedPart('snapshot', { release: kernel.release, guest }, nothing, quiet);
  return basename(kernel.folder);
}

/** The image of a build of one release. */
function build(folder: string, more = ''): string {
  const modules = join(home, folder, 'lib/modules', RELEASE);
  mkdirSync(modules, { recursive: true });
  for (const name of ['modules.order', 'modules.builtin']) writeFileSync(join(modules, name), '');
  const image = join(home, folder, 'bzImage');
  writeFileSync(image, more === '' ? madeBzImage(RELEASE) : Buffer.concat([madeElf(RELEASE), Buffer.from(more)]));
  return image;
}

const own = async (image: string) => madeOn(await ownKernelPart(findOwnKernel(image, []), quiet));
const kinds = (wanted: string) => partsOfKernel(listParts(), wanted).map(({ kind, kernel }) => `${kind} of ${kernel}`);
const all = (kernel: string) => ['guest', 'kernel', 'snapshot'].map((kind) => `${kind} of ${kernel}`);

test('what is made of a kernel leads to it, and tells one of a person from one of the mirror', async () => {
  const mirror = await cachedPart('kernel', { release: '7.3.4-amd64', packages: {} }, nothing, quiet);
  await madeOn({ release: '7.3.4-amd64', folder: mirror });
  await cachedPart('root', {}, nothing, quiet);
  const mine = await own(build('one'));
  const parts = listParts();
  expect(parts).toHaveLength(7);
  expect(parts.filter(({ image }) => image !== null).map(({ kernel }) => kernel)).toEqual([mine, mine, mine]);
  expect(parts.find(({ kind }) => kind === 'root')).toMatchObject({ kernel: null, image: null, release: null });
  expect(kinds('7.3')).toEqual(all(basename(mirror)));
});

test('of two builds of one release each is found by its image, or by its name', async () => {
  const [first, second] = [build('one'), build('two', 'mended')];
  const names = [await own(first), await own(second)] as const;
  expect(kinds(first)).toEqual(all(names[0]));
  expect(kinds(second)).toEqual(all(names[1]));
  expect(kinds(names[1])).toEqual(all(names[1]));
  expect(kinds(RELEASE)).toHaveLength(6);
});

test('a build that was not tried is told from those of its release that were', async () => {
  const name = await own(build('one'));
  const other = build('two', 'mended');
  expect(() => kinds(other)).toThrow(
    `nothing is built of ${other} as it is now; of other builds of ${RELEASE} there is ${name}`,
  );
  rmSync(join(home, 'cache'), { recursive: true });
  expect(() => kinds(other)).toThrow(`nothing is built of ${other}`);
  expect(() => kinds('6.1')).toThrow('nothing is built of a kernel 6.1');
  expect(() => kinds('./no/such')).toThrow('there is no such file');
});
