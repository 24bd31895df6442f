import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findOwnKernel, isOwnKernel } from './ownKernel.js';
import { madeBzImage, madeElf } from './testing/madeKernel.js';

const RELEASE = '6.17.0-mine';
let folder = '';
test.beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'everyleaf-own-'))));
test.afterEach(() => rmSync(folder, { recursive: true }));

const image = (path = 'bzImage') => {
  writeFileSync(join(folder, path), madeBzImage(RELEASE));
  return join(folder, path);
};
/** As `make modules_install` leaves it. */
const modules = (path: string) => {
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, 'modules.order'), '');
  return join(folder, path);
};
const refused = (path: string, named: readonly string[] = []) => {
  try {
    findOwnKernel(path, named);
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
};

test('a path is a kernel of a person, and a version is one of the mirror', () => {
  expect([image(), './vmlinuz', 'arch/x86/boot/bzImage'].map(isOwnKernel)).toEqual([true, true, true]);
  expect(['newest', '6.17', '6.12.41-cloud-amd64', 'vmlinuz-that-is-not-here'].map(isOwnKernel)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test('modules are in the folder that is named, as such or as they are installed', () => {
  const path = image();
  for (const place of [RELEASE, `a/lib/modules/${RELEASE}`, `b/usr/lib/modules/${RELEASE}`]) {
    const found = modules(place);
    const named = place === RELEASE ? found : join(folder, place[0] ?? '');
    expect(findOwnKernel(path, [named])).toMatchObject({ image: path, release: RELEASE, modules: found });
  }
});

test('without a name they are beside the image, or beside its folder, as packages have them', () => {
  mkdirSync(join(folder, 'boot'));
  const path = image('boot/vmlinuz');
  const found = modules(`lib/modules/${RELEASE}`);
  expect(findOwnKernel(path, []).modules).toBe(found);
  expect(findOwnKernel(image(`lib/modules/${RELEASE}/vmlinuz`), []).modules).toBe(found);
  expect(findOwnKernel(image('vmlinuz'), []).modules).toBe(found);
});

test('what cannot be started is told in a sentence', () => {
  expect(refused(join(folder, 'none'))).toContain('none: there is no such file');
  expect(refused(folder)).toContain(': it is a folder');
  writeFileSync(join(folder, 'text'), 'no kernel at all');
  expect(refused(join(folder, 'text'))).toContain('text: it is not a kernel of x86');
  writeFileSync(join(folder, 'vmlinux'), madeElf(RELEASE, { pvh: false }));
  expect(refused(join(folder, 'vmlinux'))).toContain('was built without CONFIG_PVH');
  const path = image();
  expect(refused(path)).toContain(`is kernel ${RELEASE}, of which there are no modules in or beside its folder`);
  expect(refused(path, [join(folder, 'none')])).toContain('none: there is no such folder');
  mkdirSync(join(folder, 'empty'));
  expect(refused(path, [join(folder, 'empty')])).toContain(`empty has no modules of kernel ${RELEASE}`);
});

test('modules of another version are told, with what they cost', () => {
  const path = image();
  modules('other/lib/modules/6.12.1');
  modules('other/lib/modules/6.1.0');
  const told = refused(path, [join(folder, 'other')]);
  expect(told).toContain(`is kernel ${RELEASE}, but ${join(folder, 'other')} has modules of 6.1.0, 6.12.1`);
  expect(told).toContain('without any there is no guest');
  // A folder of modules itself, by its own name.
  expect(refused(path, [join(folder, 'other/lib/modules/6.12.1')])).toContain('has modules of 6.12.1: ');
});
