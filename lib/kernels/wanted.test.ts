import { expect, test } from '@playwright/test';
import { kernelNames, wantedKernels } from './wanted.js';

test('one folder of modules is for all own kernels, and of several each has its own', () => {
  expect(wantedKernels(['newest', './a', './b'], [])).toEqual([
    { kernel: 'newest' },
    { kernel: './a', modules: [] },
    { kernel: './b', modules: [] },
  ]);
  expect(wantedKernels(['./a', './b'], ['m']).map(({ modules }) => modules)).toEqual([['m'], ['m']]);
  expect(wantedKernels(['./a', '6.17', './b'], ['m', 'n']).map(({ modules }) => modules)).toEqual([
    ['m'],
    undefined,
    ['n'],
  ]);
  expect(() => wantedKernels(['./a'], ['m', 'n'])).toThrow('--kernel-modules is given 2 times, for 1 of --kernel');
  expect(() => wantedKernels(['newest'], ['m'])).toThrow('kernels of the mirror have modules of their own');
});

test('builds of one release have names of their own', () => {
  const mirror = { release: '6.17.13-cloud-amd64', image: null };
  const own = (image: string) => ({ release: '6.17.13-cloud-amd64', image });
  expect(kernelNames([mirror, own('/a')])).toEqual([
    { version: '6.17.13', folder: '6.17.13-cloud-amd64' },
    { version: '6.17.13-own', folder: '6.17.13-cloud-amd64-own' },
  ]);
  expect(kernelNames([own('/a'), mirror, own('/b')]).map(({ version }) => version)).toEqual([
    '6.17.13-own-1',
    '6.17.13',
    '6.17.13-own-2',
  ]);
});
