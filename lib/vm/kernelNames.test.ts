import { expect, test } from '@playwright/test';
import { chooseKernel, kernelsAmong } from './kernelNames.js';

const NAMES = [
  'linux-image-7.2.12+deb13-cloud-amd64',
  'linux-image-6.1.0-50-cloud-amd64',
  'linux-image-6.1.0-47-cloud-amd64',
  'linux-image-6.1.0-50-cloud-amd64-unsigned',
  'linux-image-6.12.9-cloud-amd64',
  'linux-image-6.12.41-cloud-amd64',
  'linux-image-6.12.41-amd64',
  'linux-image-6.12.41-rt-amd64',
  'linux-image-6.12.41+deb13-amd64-dbg',
  'linux-image-cloud-amd64',
  'linux-image-amd64',
];
const KERNELS = kernelsAmong(NAMES, 'cloud-amd64');
const chosen = (wanted: string) => chooseKernel(KERNELS, wanted)?.release ?? null;

test('a version means the newest kernel that begins so, number by number', () => {
  expect(chosen('newest')).toBe('7.2.12+deb13-cloud-amd64');
  expect(chosen('6.1')).toBe('6.1.0-50-cloud-amd64');
  expect(chosen('6.12')).toBe('6.12.41-cloud-amd64');
  expect(chosen('6.12.9')).toBe('6.12.9-cloud-amd64');
  expect(chosen('6.1.0-47-cloud-amd64')).toBe('6.1.0-47-cloud-amd64');
  expect(chosen('6')).toBe('6.12.41-cloud-amd64');
});

test('each flavour has kernels of its own', () => {
  expect(kernelsAmong(NAMES, 'amd64')).toEqual([{ release: '6.12.41-amd64', version: '6.12.41' }]);
  expect(KERNELS.map(({ release }) => release)).not.toContain('6.12.41-amd64');
});

test('a kernel that is not there is none, rather than another', () => {
  expect(chosen('6.17')).toBeNull();
  expect(chosen('')).toBeNull();
  expect(chosen('6.')).toBeNull();
});
