import { expect, test } from '@playwright/test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeEvidence } from '../evidence/write.js';
import { renderReport } from './html/renderReport.js';
import { readReportDetails } from './readDetails.js';
import { failingRun } from './testing/sampleRun.js';
import type { RunReport } from '../run/result.js';
import { writeRunReport } from './write.js';

test('page, JSON and JUnit stand in the folder of the run', async ({}, testInfo) => {
  const { run, details } = failingRun();
  const folder = testInfo.outputPath('runs', 'one');
  const files = await writeRunReport(folder, run, details);
  expect(files).toEqual({
    page: join(folder, 'index.html'),
    json: join(folder, 'run.json'),
    junit: join(folder, 'junit.xml'),
  });
  expect(JSON.parse(readFileSync(files.json, 'utf8')) as RunReport).toEqual(run);
  expect(readFileSync(files.page, 'utf8')).toBe(renderReport(run, details));
  expect(readFileSync(files.junit, 'utf8')).toContain('<testsuites');
});

test('a page drawn from evidence on disk is the page drawn from memory', ({}, testInfo) => {
  const sample = failingRun();
  const run = { ...sample.run, experiments: sample.run.experiments.slice(0, 2) };
  for (const { id } of run.experiments) {
    const kept = sample.details.experiment(id);
    if (kept === null) throw new Error('the sample has evidence');
    const folder = testInfo.outputPath(run.evidence, id);
    mkdirSync(folder, { recursive: true });
    writeEvidence(folder, kept.manifest, kept.probes);
    for (const [file, bytes] of Object.entries(kept.captures)) writeFileSync(join(folder, file), bytes);
  }
  expect(renderReport(run, readReportDetails(testInfo.outputDir, run))).toBe(renderReport(run, sample.details));
});

test('evidence that cannot be read is no evidence, and does not stop the report', ({}, testInfo) => {
  const { run } = failingRun();
  expect(readReportDetails(testInfo.outputDir, run).experiment(run.experiments[0]?.id ?? '')).toBeNull();
});
