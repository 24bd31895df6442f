import { expect, test } from '@playwright/test';
import { createHash } from 'node:crypto';
import type { ClaimName } from '../../judge/vantage/vantages.js';
import type { RunReport } from '../../run/result.js';
import { createCaptureIndex } from '../captureIndex.js';
import { NO_DETAILS } from '../details.js';
import { renderTerminal } from '../terminal.js';
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
  const order = [
    'verdict',
    'figures',
    'matrix',
    'wiring',
    'timeline',
    'controls',
    'experiments',
    'phases',
    'environment',
    'skips',
    'repeat',
  ].map((id) => page.indexOf(`<section id="${id}"`));
  order[0] = page.indexOf('id="verdict"');
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order[0]).toBeGreaterThan(0);
});

test('a survivor is shouted', () => {
  const { run, details } = failingRun();
  expect(renderReport(run, details)).toContain('<b>✗ 1 survived:</b> stale-liveness');
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
  expect(page).toContain('No control was made.');
  expect(page).toContain('No probe was judged');
  expect(page).not.toContain('✓ pass');
});

/** The sample that passes, as captures would have it that do not carry these claims on leaf-b. */
function partlyJudged(...claims: readonly ClaimName[]): RunReport {
  const { run } = passingRun();
  const open = { 'leaf-b': Object.fromEntries(claims.map((claim) => [claim, 'taken from a trap'])) };
  return {
    ...run,
    experiments: run.experiments.map((experiment) => ({
      ...experiment,
      judgement: experiment.judgement && {
        ...experiment.judgement,
        claims: { demanded: ['reached'], vantages: { 'leaf-b': 'trap' }, notJudged: open },
      },
    })),
  };
}

/** The value and the note of one key figure. */
const figureOf = (page: string, name: string): string =>
  new RegExp(`<dt>${name}</dt><dd>(.*?)</dd>`)
    .exec(page)?.[1]
    ?.replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/ +/g, ' ')
    .trim() ?? '';

test('a key figure says nothing of what is not judged', () => {
  const whole = renderReport(partlyJudged(), NO_DETAILS);
  expect(figureOf(whole, 'missing')).toMatch(/^0 one in \d+ lost by chance would show \(95 %\)$/);
  expect(figureOf(whole, 'delivered')).toContain('exactly once everywhere');
  const text = { color: false, width: 100 } as const;
  expect(renderTerminal(partlyJudged(), text)).toMatch(/on every leaf exactly once; had one in/);

  const figures = {
    missing: 'missing',
    late: 'missing',
    duplicate: 'once',
    altered: 'identity',
    unexpected: 'reached',
    'data duplicated': 'data',
    reflected: 'reflection',
  } as const;
  for (const [name, claim] of Object.entries(figures)) {
    const page = renderReport(partlyJudged(claim), NO_DETAILS);
    for (const [other, needed] of Object.entries(figures))
      expect(figureOf(page, other) === '· not judged here', `${other} without ${claim}`).toBe(needed === claim);
    expect(figureOf(page, name)).toBe('· not judged here');
  }
  expect(figureOf(renderReport(partlyJudged('once'), NO_DETAILS), 'delivered')).toContain('at least once everywhere');
  expect(renderTerminal(partlyJudged('once'), text)).toMatch(/on every leaf at least once; had one in/);
  expect(renderTerminal(partlyJudged('missing'), text)).not.toContain('had one in');
});

test('captures that were taken anywhere show their clocks, and the first copy in the place of what was sent', () => {
  const { run, details } = failingRun();
  const [first] = run.experiments;
  if (first === undefined || first.judgement === null) throw new Error('the sample has a judgement');
  const clock = { 'leaf-b': { offsetNs: '1500000', driftPpm: 2.5, errorNs: '800' } };
  const page = renderReport(
    { ...run, experiments: [{ ...first, judgement: { ...first.judgement, clock } }] },
    {
      experiment: () => null,
      frame: (experiment, leaf, copy) => {
        const kept = details.experiment(experiment);
        return kept === null ? null : createCaptureIndex(kept).frameOf(leaf, copy);
      },
    },
  );
  expect(page).toContain('<td>1.50 ms</td><td>2.5 ppm</td><td>± 800 ns</td>');
  const data = JSON.parse(/id="ladder-data">([^<]*)</.exec(page)?.[1] ?? '{}') as {
    readonly frames: readonly { readonly summary: string }[];
    readonly deliveries: readonly {
      readonly frame: number;
      readonly leaves: readonly { readonly copies: readonly { readonly frame: number }[] }[];
    }[];
  };
  expect(data.deliveries.every((delivery) => delivery.frame === -1)).toBe(true);
  expect(
    data.deliveries.some((delivery) => delivery.leaves.some((leaf) => leaf.copies.some((copy) => copy.frame >= 0))),
  ).toBe(true);
  expect(data.frames[0]?.summary).toContain('ARP request who-has');
});

test('the same run makes the same page', () => {
  const { run, details } = failingRun();
  expect(renderReport(run, details)).toBe(renderReport(run, details));
});
