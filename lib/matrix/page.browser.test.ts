import { expect } from '@playwright/test';
import { test } from '../report/testing/chromium.js';
import { pageLook, poorContrast, structureProblems } from '../report/testing/pageChecks.js';
import { matrixPage } from './page.js';
import { matrixReport } from './report.js';
import { FIRST, noticed, ONE, sampleCell, sampleMatrix, TWO } from './testing/sampleMatrix.js';

const HOSTILE = '<script>document.title="owned"</script>';
const PAGE = matrixPage(
  matrixReport(
    sampleMatrix([
      sampleCell(ONE, 'ours', 'fails', {
        first: FIRST,
        folder: 'cells/one--a--ours',
        report: 'cells/one--a--ours/index.html',
        tried: ['every ARP form <b>'],
        command: `everyleaf run --replicator '${HOSTILE}'`,
      }),
      sampleCell(TWO, 'ours', 'holds', { folder: 'cells/x', report: 'cells/x/index.html', tried: ['data'] }),
      sampleCell(ONE, HOSTILE, 'does-not-fit', { sentence: `${HOSTILE} is made for two` }),
      sampleCell(TWO, HOSTILE, 'not-here', { sentence: 'It cannot be tried here, without x' }),
      noticed(ONE),
      sampleCell(TWO, 'none', 'holds'),
    ]),
  ),
);

test('the matrix opens from disk, loads nothing, and leads from each cell to its first failing frame', async ({
  openHtml,
}) => {
  const { page, requests, complaints } = await openHtml(PAGE);
  const cell = (row: string, column: number) =>
    page
      .locator('tbody tr', { has: page.locator('th', { hasText: row }) })
      .locator('td')
      .nth(column);
  await expect(cell('plane-one/a', 0)).toContainText('✗ fails');
  await expect(cell('plane-one/a', 0)).toContainText('first: ARP reply, unicast of vm1 missing at leaf-b');
  await expect(cell('plane-one/a', 1)).toHaveText('· no fit');
  await expect(cell('plane-one/a', 2)).toContainText('✓ fails');
  await expect(cell('plane-two/b', 1)).toContainText('It cannot be tried here, without x');
  // The lab of this column is broken: the pair that seemed to hold does not.
  await expect(cell('plane-two/b', 0)).toContainText('? open');
  await expect(cell('plane-two/b', 2)).toContainText('✗ holds');
  await expect(page.locator('.broken')).toContainText('the lab is broken: none');
  await cell('plane-one/a', 0).locator('a').click();
  const told = page.locator('section.told', { hasText: 'First failing frame' });
  await expect(told).toBeInViewport();
  await expect(told.getByRole('link', { name: 'cells/one--a--ours/index.html' })).toHaveAttribute(
    'href',
    'cells/one--a--ours/index.html',
  );
  await expect(told).toContainText('frame 12 of evidence/arp/leaf-a.pcap');
  await told.locator('summary').click();
  await expect(told.locator('pre')).toContainText('0000  ff ff ff ff ff ff 02 00 00 00 01 0a 08 06');
  await expect(told).toContainText('every ARP form <b>');
  await expect(page).toHaveTitle('Replicators x data planes, everyleaf');
  expect(requests.filter((url) => !/^(?:file|data):/.test(url))).toEqual([]);
  expect(complaints).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`the matrix can be read in ${colorScheme}`, async ({ openHtml }) => {
    const { page } = await openHtml(PAGE, { colorScheme });
    expect(await poorContrast(page)).toEqual([]);
    expect(await structureProblems(page)).toEqual([]);
    const { background, width } = await pageLook(page);
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(15, 18, 22)' : 'rgb(245, 246, 247)');
    expect(width).toBeLessThanOrEqual(1400);
  });
