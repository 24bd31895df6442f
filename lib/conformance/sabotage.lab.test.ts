import { expect, test } from '@playwright/test';
import { defaultTopology, openDefaultTestbed } from '../testing/defaultLab.js';
import type { Testbed } from '../testbed/testbed.js';
import { ConformanceError } from './check.js';
import { CHECKS } from './checks.js';
import { SABOTAGES } from './testing/sabotages.js';

test.describe('a testbed that is broken on purpose is noticed', () => {
  let testbed: Testbed;
  test.describe.configure({ mode: 'default' });
  test.beforeAll(async () => {
    testbed = await openDefaultTestbed();
  });
  test.afterAll(() => testbed[Symbol.asyncDispose]());

  for (const { what, caughtBy, broken } of SABOTAGES)
    test(what, async () => {
      const check = CHECKS.find(({ name }) => name.startsWith(caughtBy));
      if (check === undefined) throw new RangeError(`there is no check "${caughtBy}"`);
      const verdict = await check.run({ testbed: broken(testbed), topology: await defaultTopology() }).then(
        () => 'it passed',
        (error: unknown) => error,
      );
      expect(verdict).toBeInstanceOf(ConformanceError);
    });

  test('every check catches one', () => {
    const idle = CHECKS.filter(({ name }) => !SABOTAGES.some(({ caughtBy }) => name.startsWith(caughtBy)));
    expect(idle.map(({ name }) => name)).toEqual([]);
  });
});
