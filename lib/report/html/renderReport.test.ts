import { expect, test } from '@playwright/test';
import { createHash } from 'node:crypto';
import { NO_DETAILS } from '../details.js';
import { emptyRun, failingRun, hostileRun, passingRun } from '../testing/sampleRun.js';
import { renderReport } from './renderReport.js';

test('a run of full size is a page of less than 5 MB', () => {
  const { run, details } = failingRun('full');
  expect(run.experiments.length).toBeGreaterThan(100);
  expect(Buffer.byteLength(renderReport(run, details))).toBeLessThan(5_000_000);
});

test('the page refuses the network, and runs only the script that it brought', () => {
  const { run, details } = passingRun();
  const page = renderReport(run, details);
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(script).digest('base64');
  expect(page).toContain(`script-src &#39;sha256-${hash}&#39;`);
  expect(page).toContain('default-src &#39;none&#39;');
  expect(page.match(/(?:src|href)="(?!#|data:,")[^"]*"/g)).toBeNull();
});

test('the verdict comes first, then the figures, the matrix, and what it rests on', () => {
  const { run, details } = passingRun();
  const page = renderReport(run, details);
  const order = ['verdict', 'figures', 'matrix', 'wiring', 'timeline', 'controls', 'experiments', 'phases', 'environment', 'skips', 'repeat'].map((id) => page.indexOf(`<section id="${id}"`));
  order[0] = page.indexOf('id="verdict"');
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order[0]).toBeGreaterThan(0);
});

test('a survivor is shouted', () => {
  const { run, details } = failingRun();
  expect(renderReport(run, details)).toContain('<b>✗ 1 mutant survived:</b> stale-liveness');
  const good = passingRun();
  expect(renderReport(good.run, good.details)).not.toContain('survived:');
});

test('no name from a file becomes markup', () => {
  const { run, details } = hostileRun();
  const page = renderReport(run, details);
  expect(page.match(/<script\b[^>]*>/g)).toEqual(['<script type="application/json" id="ladder-data">', '<script>']);
  expect(page).not.toContain('\u001b');
});

test('without evidence the verdict still stands, and what is missing is said', () => {
  const { run } = passingRun();
  const page = renderReport(run, NO_DETAILS);
  expect(page).toContain('No experiment left evidence, so the wiring is not known here.');
  expect(page).toContain('>All legs up');
});

test('a run in which nothing ran shows no success', () => {
  const { run, details } = emptyRun();
  const page = renderReport(run, details);
  expect(page).toContain('No experiment ran.');
  expect(page).toContain('No mutant was run.');
  expect(page).toContain('No probe was judged');
  expect(page).not.toContain('✓ pass');
});

test('the same run makes the same page', () => {
  const { run, details } = failingRun();
  expect(renderReport(run, details)).toBe(renderReport(run, details));
});
