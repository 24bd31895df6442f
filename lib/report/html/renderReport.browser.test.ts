import { expect, type Page } from '@playwright/test';
import { test } from '../testing/chromium.js';
import { pageLook, poorContrast, structureProblems } from '../testing/pageChecks.js';
import { emptyRun, failingRun, hostileRun, inconclusiveRun, passingRun, type SampleRun } from '../testing/sampleRun.js';

const SAMPLES: Readonly<Record<string, () => SampleRun>> = {
  passing: passingRun,
  failing: failingRun,
  inconclusive: inconclusiveRun,
  hostile: hostileRun,
  empty: emptyRun,
};

/** The first cell that is wrong. */
const wrongCell = (page: Page) => page.locator('td.tone-bad button.cell').first();

for (const [name, sample] of Object.entries(SAMPLES)) {
  test(`the ${name} report opens from disk and asks nobody for anything`, async ({ openReport }) => {
    const { page, requests, complaints } = await openReport(sample());
    await page.locator('details').evaluateAll((all) => {
      for (const one of all) one.setAttribute('open', '');
    });
    for (const opener of await page
      .locator('[data-ladder]')
      .all()
      .then((all) => all.slice(0, 3)))
      await opener.click();
    await expect(page.locator('h1')).toHaveText(sample().run.sentence);
    expect(requests.filter((url) => !/^(?:file|data):/.test(url))).toEqual([]);
    expect(complaints).toEqual([]);
  });
}

test('a click on a matrix cell opens its ladder, with the missing copy and the frame that was sent', async ({
  openReport,
}) => {
  const { page } = await openReport(failingRun());
  const cell = wrongCell(page);
  await cell.click();
  await expect(cell).toHaveAttribute('aria-expanded', 'true');
  const panel = page.locator('.panel');
  expect(await cell.getAttribute('aria-controls')).toBe(await panel.getAttribute('id'));
  await expect(panel.locator('svg.ladder')).toHaveAttribute(
    'aria-label',
    /leaf-a missing; leaf-b seen once after [\d.]+ µs/,
  );
  await expect(panel.locator('svg.ladder .cross')).toHaveCount(1);
  await expect(panel.locator('svg.ladder .arrow')).toHaveCount(1);
  await expect(panel).toContainText('ARP request who-has 192.0.2.1 tell 192.0.2.11');
  await expect(panel).toContainText('ff ff ff ff ff ff');
  await expect(panel).toContainText(
    '6 of 44 probes are shown here, those that did not pass first; 38 more are in the evidence',
  );
  await panel.locator('.choices button').nth(1).click();
  await expect(panel.locator('svg.ladder')).toHaveAttribute('aria-label', /probe 3,/);
  await panel.locator('.close').click();
  await expect(page.locator('.panel')).toHaveCount(0);
  await expect(cell).toHaveAttribute('aria-expanded', 'false');
  await expect(cell).toBeFocused();
});

test('the keyboard alone opens a ladder, moves to another leaf, and closes it', async ({ openReport }) => {
  const { page } = await openReport(failingRun());
  const cell = wrongCell(page);
  await cell.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.panel h3')).toHaveText(/^leaf-a: /);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(page.locator('.panel')).toHaveCount(1);
  await expect(page.locator('.panel h3')).toHaveText(/^leaf-b: /);
  await expect(cell).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('Escape');
  await expect(page.locator('.panel')).toHaveCount(0);
});

test('a mutant cell leads to its experiment, where the difference is marked in bytes and fields', async ({
  openReport,
}) => {
  const { page } = await openReport(passingRun());
  await page
    .locator('table.controls tr', { hasText: 'slave-source-mac' })
    .locator('td a', { hasText: 'identity' })
    .first()
    .click();
  const experiment = page.locator('details.experiment[open]');
  await expect(experiment).toHaveCount(1);
  await experiment.locator('.open-ladder').click();
  await expect(experiment.locator('.hex mark')).toHaveText(['03', '01']);
  await expect(experiment.locator('.fields mark')).toHaveText('≠ 02:00:00:00:03:01');
  await expect(experiment.locator('.ladder .arrow.wrong')).toHaveCount(1);
});

test('two copies on one leaf are two arrows', async ({ openReport }) => {
  const { page } = await openReport(passingRun());
  await page
    .locator('table.controls tr', { hasText: 'group-and-normal' })
    .locator('td a', { hasText: 'duplicate' })
    .first()
    .click();
  await page.locator('details.experiment[open] .open-ladder').click();
  await expect(page.locator('.ladder .arrow')).toHaveCount(3);
});

test('names from files stay text', async ({ openReport }) => {
  const { page } = await openReport(hostileRun());
  await page.locator('details').evaluateAll((all) => {
    for (const one of all) one.setAttribute('open', '');
  });
  await wrongCell(page).click();
  await expect(page.locator('.panel .about')).toContainText('<script>document.title="owned"</script>');
  await expect(page.locator('h1')).toContainText('<script>');
  expect(await page.title()).not.toBe('owned');
  expect(await page.locator('script').count()).toBe(2);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`text is readable in ${colorScheme} mode`, async ({ openReport }) => {
    for (const sample of [failingRun(), inconclusiveRun()]) {
      const { page } = await openReport(sample, { colorScheme });
      await page.locator('button.cell').first().click();
      await page
        .locator('.experiment')
        .first()
        .evaluate((one) => {
          one.setAttribute('open', '');
        });
      expect((await pageLook(page)).background).toBe(colorScheme === 'dark' ? 'rgb(15, 18, 22)' : 'rgb(245, 246, 247)');
      expect(await poorContrast(page)).toEqual([]);
    }
  });
}

test('a screen reader finds its way', async ({ openReport }) => {
  const { page } = await openReport(failingRun());
  await wrongCell(page).click();
  expect(await structureProblems(page)).toEqual([]);
});

test('on paper it is black on white, without controls, and what is folded stays folded', async ({ openReport }) => {
  const { page } = await openReport(failingRun(), { colorScheme: 'dark', viewport: { width: 720, height: 1000 } });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const look = await pageLook(page);
  expect([look.color, look.background]).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
  await expect(page.locator('header.bar')).toBeHidden();
  await expect(page.locator('table.matrix').first()).toBeVisible();
  await expect(page.locator('.experiment .body').first()).toBeHidden();
  expect(look.width).toBeLessThanOrEqual(720);
});

test('on a narrow screen tables scroll, not the page', async ({ openReport }) => {
  const { page } = await openReport(failingRun(), { viewport: { width: 390, height: 800 } });
  await wrongCell(page).click();
  expect((await pageLook(page)).width).toBeLessThanOrEqual(390);
  expect((await page.locator('.panel').boundingBox())?.width).toBeLessThanOrEqual(390);
});
