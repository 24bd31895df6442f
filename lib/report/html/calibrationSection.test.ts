import { expect, test } from '@playwright/test';
import type { VantageRecord } from '../../evidence/types.js';
import { canary, eachCanary, PERFECT } from '../../judge/testing/vantageRecords.js';
import { NO_DETAILS, type ReportDetails } from '../details.js';
import { passingRun } from '../testing/sampleRun.js';
import { renderReport } from './renderReport.js';

/** Text of the section on a run whose leaf-b was tried with this result. */
function sectionOf(record: VantageRecord): string {
  const { run, details } = passingRun();
  const tried: ReportDetails = {
    ...details,
    experiment(id) {
      const known = details.experiment(id);
      const clocks = [{ name: 'leafb', aheadNs: '5', errorNs: '21000', nodes: ['leaf-b'] }];
      return known && { ...known, manifest: { ...known.manifest, vantages: { 'leaf-b': record }, clocks } };
    },
  };
  return (/<section id="calibration"[^]*?<\/section>/.exec(renderReport(run, tried))?.[0] ?? '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

test('what each leaf showed before the run is a table, and says what is not judged there', () => {
  expect(sectionOf(PERFECT)).toContain('leaf-b port leafb swp1 4 of 4 0 none at least 2000 frames a second nothing');
  expect(sectionOf(PERFECT)).toContain('Clocks: leafb ± 21 us.');
  expect(sectionOf(eachCanary({ copies: 2, altered: ['tags'] }))).toMatch(
    /4 of 4 4 tags at least 2000 frames a second exactly once: 3 of 3 canaries came twice on a single leg/,
  );
  const polices = { ...PERFECT, ladder: [...PERFECT.ladder, { perSecond: 8_000, frames: 400, seen: 30 }] };
  expect(sectionOf(polices)).toMatch(/ 2000 frames a second that a copy is missing: of 400 frames at 8000 a second/);
  expect(sectionOf(polices)).not.toContain('at least 2000');
  const blind = { ...PERFECT, canaries: [...PERFECT.canaries, canary('garp-reply', { copies: 0 })] };
  expect(sectionOf(blind)).toContain('4 of 5 not garp-reply (untagged)');
});

test('a run whose captures were not tried has no such section', () => {
  const { run, details } = passingRun();
  expect(renderReport(run, details)).not.toContain('id="calibration"');
  expect(renderReport(run, NO_DETAILS)).not.toContain('id="calibration"');
});
