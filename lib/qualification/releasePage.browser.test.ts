import { expect } from '@playwright/test';
import { test } from '../report/testing/chromium.js';
import { NEIGHBOR_KINDS } from './requirements.js';
import { renderRelease, type PageInput } from './releasePage.js';
import type { CoverageRow } from './coverage.js';
import type { QualifiedRun } from './judged.js';

const LONG = 'a sentence that goes on, and has <b>marks</b> in it; '.repeat(8);

/** As much as there can be of everything. */
function fullest(): PageInput {
  const coverage = [
    ...Array.from({ length: 60 }, (_, i) => `REQ-${i}`),
    ...NEIGHBOR_KINDS.map((kind) => `kind.${kind}`),
  ]
    .flatMap((requirement) => ['balance-tcp', 'balance-slb', 'active-backup'].map((mode) => ({ requirement, mode })))
    .map(({ requirement, mode }, i): CoverageRow => ({
      ...{ requirement, text: LONG, scenarios: LONG, dataplane: `ovs-bond/${mode}`, leaf: 'leaf-a', kind: '' },
      ...{ experiments: [], verdict: i % 3 === 0 ? 'nothing' : 'not judged', notJudged: [`P${i}@leaf-a`] },
    }));
  const release = {
    ...{ schema: 1 as const, sentence: LONG, qualified: false, createdAt: '2026-11-28T00:00:00.000Z' },
    ...{ version: '0.1.0', replicator: 'ovs-group', cells: {}, facts: {} },
  };
  const many = (name: string, verdict: string) =>
    Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${name} ${i} ${LONG}`, verdict] as const));
  const before = {
    ...release,
    cells: { ...many('worse', 'pass'), ...many('better', 'nothing'), ...many('gone', 'pass') },
    facts: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`fact ${i}`, [LONG]])),
  };
  const report = { run: 'r', startedAt: 't', topology: LONG, profile: 'p' };
  return {
    release: { ...release, cells: { ...many('worse', 'fail'), ...many('better', 'pass'), ...many('added', 'pass') } },
    runs: Array.from({ length: 20 }, (_, i) => ({ folder: `runs/${i}`, report, place: 'netns' }) as QualifiedRun),
    coverage,
    decision: { problems: Array.from({ length: 99 }, () => LONG), notes: Array.from({ length: 99 }, () => LONG) },
    baseline: { sums: '0'.repeat(64), release: before },
  };
}

test('the fullest page is printed on two, asks nobody, and what it shows is text', async ({ openHtml }) => {
  const text = renderRelease(fullest());
  expect(text).not.toContain('<b>');
  const { page, requests, complaints } = await openHtml(text);
  await expect(page.getByRole('heading', { name: 'not qualified' })).toBeVisible();
  const sheets = (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page[^s]/g);
  expect(sheets).toHaveLength(2);
  expect({ requests: requests.length, complaints }).toEqual({ requests: 1, complaints: [] });
});
