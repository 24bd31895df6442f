import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openScratch } from './scratch.js';

test('the folder goes with its owner', async () => {
  let folder = '';
  {
    await using scratch = await openScratch();
    ({ folder } = scratch);
    writeFileSync(join(folder, 'socket'), '');
  }
  expect(existsSync(folder)).toBe(false);
});
