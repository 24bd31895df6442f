import { expect, test } from '@playwright/test';
import { packagesOf } from './kernelPart.js';

const RELEASE = '6.19.14+deb13-cloud-amd64';

/** A mirror with packages of these names. */
const mirror = (...names: readonly string[]) => ({
  version: (name: string) => Promise.resolve(names.includes(name) ? '6.19.14-1' : null),
});
const packages = (...kinds: readonly string[]) =>
  packagesOf(mirror(...kinds.map((kind) => `${kind}-${RELEASE}`)), RELEASE).then(Object.keys);

test('a kernel is one package, or three beside one that has nothing but dependencies', async () => {
  expect(await packages('linux-image')).toEqual([`linux-image-${RELEASE}`]);
  expect(await packages('linux-image', 'linux-binary', 'linux-base', 'linux-modules')).toEqual([
    `linux-base-${RELEASE}`,
    `linux-binary-${RELEASE}`,
    `linux-modules-${RELEASE}`,
  ]);
});

test('one that the mirror has in part is told with what is missing', async () => {
  await expect(packages('linux-image', 'linux-binary')).rejects.toMatchObject({
    message: `the Debian mirror has not all of kernel ${RELEASE}: linux-base-${RELEASE} and linux-modules-${RELEASE} are missing`,
    exitCode: 69,
  });
});
