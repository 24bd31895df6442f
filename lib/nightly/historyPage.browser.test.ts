import { expect } from '@playwright/test';
import { test } from '../report/testing/chromium.js';
import { compareNight } from './compare.js';
import { renderHistory } from './historyPage.js';
import type { Night } from './night.js';
import { ARP, failed, MISSING, ND, night, PASSED } from './testing/nights.js';
import { yearOfNights } from './testing/year.js';

/** What may be attached to a mail. */
const BYTES_MAX = 5_000_000;

function page(nights: readonly Night[]): string {
  const last = nights.at(-1);
  if (last === undefined) throw new Error('a history has a night');
  const asked = { nights: nights.slice(0, -1), night: last, known: [], place: 'rack-12', today: '2026-11-28' };
  return renderHistory('rack-12', nights, compareNight(asked));
}

test('the page opens from disk, asks nobody, and shows what failed since when and which inputs changed', async ({
  openHtml,
}) => {
  const hostile = '<script>document.title="owned"</script> [x]';
  const {
    page: opened,
    requests,
    complaints,
  } = await openHtml(
    page([
      night(1, { [ARP]: PASSED, [ND]: PASSED, [hostile]: PASSED }, { kernel: '6.1' }),
      night(2, { [ARP]: PASSED, [ND]: failed(MISSING), [hostile]: PASSED }, { kernel: '6.12' }),
      night(3, { [ND]: failed(MISSING), [hostile]: PASSED }, { kernel: '6.12' }),
    ]),
  );
  const row = (name: string) => opened.locator('tr', { has: opened.locator(`th[title="${name}"]`) });
  await expect(row(ND)).toContainText('fail since 2026-11-02, 2 runs');
  await expect(row(ND).locator('svg')).toHaveAttribute('aria-label', '1 passes, 2 failures, 0 not judged in 3 runs');
  await expect(row(ND).locator('rect title')).toHaveText(
    `fail in 2 runs, 20261102-020000-1 to 20261103-020000-1: ${MISSING}`,
  );
  await expect(row(ARP)).toContainText('not in the last run');
  // What must be looked at comes first.
  await expect(opened.locator('tbody').first().locator('th')).toHaveText(['inputs changed', ARP, ND, hostile]);
  await expect(opened.getByText('kernel: 6.1 -> 6.12').last()).toBeVisible();
  await expect(opened).toHaveTitle('rack-12: 3 runs, everyleaf');
  expect(requests.filter((url) => !/^(?:file|data):/.test(url))).toEqual([]);
  expect(complaints).toEqual([]);
});

test('a year of 200 tests fits into a mail, and shows every test', async ({ openHtml }) => {
  const text = page(yearOfNights());
  expect(Buffer.byteLength(text)).toBeLessThan(BYTES_MAX);
  const { page: opened, complaints } = await openHtml(text);
  await expect(opened.locator('tbody').first().locator('tr')).toHaveCount(201);
  expect(complaints).toEqual([]);
});
