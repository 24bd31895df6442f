import { expect, test } from '@playwright/test';
import { matrixReport } from './report.js';
import { matrixText } from './text.js';
import { FIRST, noticed, ONE, sampleCell, sampleMatrix, TWO } from './testing/sampleMatrix.js';
import type { CellState, MatrixCell } from './types.js';

const conclude = (...cells: readonly MatrixCell[]) => matrixReport(sampleMatrix(cells));
const stateOf = (report: ReturnType<typeof conclude>, column = ONE) =>
  report.cells.find(({ replicator, plane }) => replicator === 'ours' && plane === column.plane)?.state;

test('a matrix passes where each pair that fits holds, and a host without a replicator misses frames everywhere', () => {
  const report = conclude(
    sampleCell(ONE, 'ours', 'holds'),
    sampleCell(TWO, 'ours', 'does-not-fit'),
    noticed(ONE),
    noticed(TWO),
  );
  expect(report.verdict).toBe('pass');
  expect(report.distrusted).toEqual([]);
  expect(report.sentence).toBe(
    '1 of 1 pairs that fit and could be tried holds; a host without a replicator was seen to fail on 2 of 2 data planes.',
  );
});

test('a pair that lacks something here is not taken for a data plane that cannot be made', () => {
  const one = conclude(
    sampleCell(ONE, 'ours', 'not-here'),
    sampleCell(TWO, 'ours', 'holds'),
    noticed(ONE),
    noticed(TWO),
  );
  expect(one.sentence).toMatch(/2 of 2 data planes; lacking here: ours on plane-one\/a\.$/);
  const all = conclude(sampleCell(ONE, 'ours', 'not-here'), sampleCell(ONE, 'none', 'not-here'));
  expect(all.sentence).toMatch(/; cannot be made here: plane-one\/a\.$/);
});

const ENDS: readonly (readonly [state: CellState, verdict: string])[] = [
  ['fails', 'fail'],
  ['inconclusive', 'inconclusive'],
  ['blocked', 'blocked'],
  ['not-tried', 'blocked'],
  ['not-here', 'pass'],
];
for (const [state, verdict] of ENDS)
  test(`a pair that is "${state}" beside one that holds: ${verdict}`, () => {
    const report = conclude(
      sampleCell(ONE, 'ours', 'holds'),
      sampleCell(TWO, 'ours', state),
      noticed(ONE),
      state === 'not-here' ? sampleCell(TWO, 'none', 'not-here') : noticed(TWO),
    );
    expect(report.verdict).toBe(verdict);
    expect(report.sentence).toContain('ours on plane-two/b'.slice(state === 'not-here' ? 8 : 0));
  });

test('where a host without a replicator holds, the lab is broken: nothing holds in its column, and the matrix fails', () => {
  const report = conclude(
    sampleCell(ONE, 'ours', 'holds'),
    sampleCell(TWO, 'ours', 'holds'),
    sampleCell(ONE, 'none', 'holds'),
    noticed(TWO),
  );
  expect(report.verdict).toBe('fail');
  expect(stateOf(report)).toBe('inconclusive');
  expect(stateOf(report, TWO)).toBe('holds');
  expect(report.distrusted.map(({ plane, sentence }) => [plane, sentence.slice(0, 17)])).toEqual([
    ['plane-one', 'the lab is broken'],
  ]);
});

const UNNOTICED: readonly (readonly [why: string, cell: MatrixCell])[] = [
  ['it fails for another reason', sampleCell(ONE, 'none', 'fails', { misses: false })],
  ['nothing wrong was seen without controls', sampleCell(ONE, 'none', 'inconclusive')],
  ['it broke', sampleCell(ONE, 'none', 'blocked')],
  ['it was not tried', sampleCell(ONE, 'none', 'not-tried')],
  ['it cannot be tried', sampleCell(ONE, 'none', 'not-here')],
];
for (const [why, control] of UNNOTICED)
  test(`nothing holds in a column whose host without a replicator was not seen to fail: ${why}`, () => {
    const report = conclude(sampleCell(ONE, 'ours', 'holds'), control);
    expect(stateOf(report)).toBe('inconclusive');
    expect(report.verdict).not.toBe('pass');
    expect(report.distrusted).toHaveLength(1);
  });

test('nothing holds in a column that has no control at all', () => {
  const report = conclude(sampleCell(ONE, 'ours', 'holds'), noticed(TWO));
  expect(stateOf(report)).toBe('inconclusive');
});

test('a matrix in which no pair could be tried is no pass', () => {
  expect(conclude(sampleCell(ONE, 'ours', 'not-here'), sampleCell(ONE, 'none', 'not-here')).verdict).toBe('skipped');
  expect(conclude(sampleCell(ONE, 'ours', 'does-not-fit'), noticed(ONE)).verdict).toBe('skipped');
});

test('the table for a terminal says each cell in a word, then why, with the first failing frame', () => {
  const report = conclude(
    sampleCell(ONE, 'ours', 'fails', { first: FIRST, report: 'cells/x/index.html' }),
    sampleCell(TWO, 'ours', 'does-not-fit'),
    noticed(ONE),
    noticed(TWO),
  );
  const text = matrixText(report, { width: 400, color: false });
  const [head, one, two] = text.split('\n');
  expect(head).toMatch(/^data plane +ours +none \(must fail\)$/);
  expect(one).toMatch(/^plane-one\/a +✗ fails +✓ fails$/);
  expect(two).toMatch(/^plane-two\/b +· no fit +✓ fails$/);
  expect(text).toContain(
    'first: 2026-11-06T20:00:00.000001Z ARP reply, unicast of vm1 (probe 7) missing at leaf-b; leaf-a has it after 1.50 µs, frame 12 of evidence/arp/leaf-a.pcap; not in evidence/arp/leaf-b.pcap',
  );
  expect(text.split('\n').at(-1)).toMatch(/^fail: 0 of 1 pairs/);
  expect(matrixText(report, { width: 400, color: true })).toContain('\u001b[31m✗ fails');
});
