import { expect } from '@playwright/test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptPlan } from '../run/plan.js';
import { writeAllurePage } from './allure.js';
import { writeAllureContext } from './allureContext.js';
import { test } from './testing/chromium.js';

const PLAN = {
  ...{ replicator: 'ovs-group', dataPlane: 'ovs-bond', topologyFile: 'dual-leaf.yaml' },
  ...{ startedAt: '2026-11-28T02:00:00.000Z', environment: {} },
};

/**
 * Chromium draws these 3.6 MB in 12 s beside sixteen busy loops (60 of 60). On a full machine it once drew nothing for
 * 200 s: such a page is opened again, as a reader would, and what it said is told.
 */
const DRAWN_MS = 90_000;
const OPENINGS = 3;

test('the Allure page opens from disk, asks nobody for anything, and shows the run, where it was made and the one before', async ({
  openHtml,
}, testInfo) => {
  const history = testInfo.outputPath('histories/netns.jsonl');
  const file = testInfo.outputPath('allure.html');
  for (const [chunk, status, run] of [
    ['AAAA.js', 'failed', 'first'],
    ['BBBB.js', 'passed', 'second'],
  ] as const) {
    const folder = testInfo.outputPath(run);
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'a-result.json'),
      JSON.stringify({
        ...{ uuid: run, testCaseId: chunk, historyId: chunk, name: 'every ARP frame reaches every leaf once' },
        ...{
          fullName: chunk,
          status,
          stage: 'finished',
          labels: [],
          start: 1_794_000_000_000,
          stop: 1_794_000_000_500,
        },
      }),
    );
    const plan = { ...PLAN, run, inputs: { commit: `commit of the ${run}` } } as unknown as KeptPlan;
    writeAllureContext(folder, plan, 'netns', {});
    expect(await writeAllurePage(folder, file, `everyleaf ${run}`, history)).toEqual({ page: file, results: 1 });
  }
  const lines = readFileSync(history, 'utf8').trimEnd().split('\n');
  const [before, now] = lines.map((line) => Object.keys((JSON.parse(line) as { testResults: object }).testResults));
  expect(lines).toHaveLength(2);
  expect(now).toEqual(before);
  testInfo.setTimeout(testInfo.timeout + OPENINGS * DRAWN_MS);
  const undrawn: string[] = [];
  const { page, requests, complaints } = await (async () => {
    while (undrawn.length < OPENINGS) {
      const opened = await openHtml(readFileSync(file, 'utf8'));
      const drawn = opened.page.getByText('every ARP frame reaches every leaf once').first();
      if (
        await drawn.waitFor({ timeout: DRAWN_MS }).then(
          () => true,
          () => false,
        )
      )
        return opened;
      undrawn.push(opened.complaints.join('; '));
    }
    throw new Error(`the page was never drawn, in ${String(OPENINGS)} openings; it said: ${undrawn.join(' | ')}`);
  })();
  const name = page.getByText('every ARP frame reaches every leaf once').first();
  await expect(page.getByText('commit of the second').first()).toBeVisible();
  await name.click();
  // One run before this one.
  await expect(page.getByRole('button', { name: 'History 1' })).toBeVisible();
  expect(requests.filter((url) => !/^(?:file|data|blob):/.test(url))).toEqual([]);
  expect(complaints.filter((text) => text.includes('http'))).toEqual([]);
});
