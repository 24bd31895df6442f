import { expect } from '@playwright/test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAllurePage } from './allure.js';
import { test } from './testing/chromium.js';

/** The page draws 5 MB of scripts: 1 s on a quiet machine, more than 5 s where every core is taken. */
const PAGE_DRAWN = 25_000;

test('the Allure page opens from disk, shows the results, and asks nobody for anything', async ({
  openHtml,
}, testInfo) => {
  const folder = testInfo.outputPath('allure-results');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'a-result.json'),
    JSON.stringify({
      uuid: 'a',
      historyId: 'a',
      name: 'every ARP frame reaches every leaf once',
      fullName: 'arp',
      status: 'passed',
      stage: 'finished',
      labels: [],
      start: 1_794_000_000_000,
      stop: 1_794_000_000_500,
    }),
  );
  const file = testInfo.outputPath('allure.html');
  expect(await writeAllurePage(folder, file, 'everyleaf')).toEqual({ page: file, results: 1 });
  const { page, requests, complaints } = await openHtml(readFileSync(file, 'utf8'));
  await expect(page.getByText('every ARP frame reaches every leaf once').first()).toBeVisible({ timeout: PAGE_DRAWN });
  expect(requests.filter((url) => !/^(?:file|data|blob):/.test(url))).toEqual([]);
  expect(complaints.filter((text) => text.includes('http'))).toEqual([]);
});
