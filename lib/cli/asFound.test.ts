import { expect, test } from '@playwright/test';
import { requireAsFound } from './asFound.js';

const BUILT = { kind: 'ovs-bond' };
const FOUND = { kind: 'installed', isAsFound: true };

test('nothing is built on installed machines, and nothing else is taken for them', () => {
  const told = (...args: Parameters<typeof requireAsFound>): string => {
    try {
      requireAsFound(...args);
      return 'ok';
    } catch (error) {
      return String(error);
    }
  };
  expect(told({}, BUILT, false)).toBe('ok');
  expect(told({ replicator: 'none' }, BUILT, false)).toBe('ok');
  expect(told({}, FOUND, true)).toBe('ok');
  expect(told({}, BUILT, true)).toContain('the data plane ovs-bond would be built');
  expect(told({}, FOUND, false)).toContain('is what is found on the machines of a binding');
  expect(told({ replicator: 'none' }, FOUND, true)).toContain('cannot be put on installed machines');
});
