import { expect, test } from '@playwright/test';
import { cellText } from './cellText.js';
import { NO_DETAILS } from './details.js';
import { buildMatrix, emptyTally, type MatrixSection } from './matrix.js';
import { renderTerminal } from './terminal.js';
import { failingRun, inconclusiveRun, passingRun, type SampleRun } from './testing/sampleRun.js';

const textAt = (sections: readonly MatrixSection[], state: string, kind: string, leaf: string) => {
  const group = sections.find((section) => section.state.title === state)?.rows.find((row) => row.kind.id === kind)
    ?.groups[0];
  const cell = group?.cells.find((candidate) => candidate.leaf === leaf);
  return group === undefined || cell === undefined ? null : cellText(cell, group.duty);
};
const matrixOf = ({ run, details }: SampleRun) => buildMatrix(run, details);

test('one section per fault state, in the order of a fault', () => {
  expect(matrixOf(passingRun()).map((section) => section.state.title)).toEqual([
    'All legs up',
    'leg-a unplugged',
    'leg-b unplugged',
    'All legs up again',
  ]);
});

test('controls are not in the matrix: they must fail', () => {
  const failing = matrixOf(passingRun()).flatMap((section) =>
    section.rows.flatMap((row) =>
      row.groups.flatMap((group) => group.cells.filter((cell) => cellText(cell, group.duty).tone === 'bad')),
    ),
  );
  expect(failing).toEqual([]);
});

test('a replicated kind counts what was due at each leaf', () => {
  expect(textAt(matrixOf(passingRun()), 'All legs up', 'garp-request', 'leaf-b')).toMatchObject({
    symbol: '✓',
    count: '24/24',
    word: '',
    tone: 'good',
  });
  expect(textAt(matrixOf(failingRun()), 'All legs up', 'garp-request', 'leaf-b')).toMatchObject({
    symbol: '✗',
    count: '12/24',
    word: 'missing',
    tone: 'bad',
    sentence: '12 missing, 12 seen once of 24',
  });
});

test('a dead leaf owes nothing', () => {
  const sections = matrixOf(passingRun());
  expect(textAt(sections, 'leg-a unplugged', 'arp-reply-unicast', 'leaf-a')).toMatchObject({
    symbol: '–',
    word: 'none due',
    tone: 'quiet',
  });
  expect(textAt(sections, 'leg-a unplugged', 'arp-reply-unicast', 'leaf-b')).toMatchObject({
    symbol: '✓',
    count: '4/4',
  });
});

test('data counts the frames that took this leaf', () => {
  expect(textAt(matrixOf(passingRun()), 'All legs up', 'data-tcp', 'leaf-a')).toMatchObject({
    symbol: '✓',
    count: '12',
    tone: 'good',
  });
});

test('a leaf without proof of life makes no claim', () => {
  expect(textAt(matrixOf(inconclusiveRun()), 'All legs up', 'na-unsolicited', 'leaf-b')).toMatchObject({
    symbol: '?',
    count: '0/24',
    word: 'no claim',
    tone: 'unsure',
  });
});

/** Production captures: the judge lists what is wrong, and counts the rest. */
test('what the judge counted and did not list one by one is shown from its counts', () => {
  const { run } = passingRun();
  const [first] = run.experiments;
  if (first === undefined || first.judgement === null) throw new Error('the sample has a judgement');
  const { judgement } = first;
  const listed = judgement.deliveries.filter((delivery) => delivery.kind === 'garp-request').slice(0, 1);
  const cell = {
    frames: 24,
    delivered: 20,
    missing: 3,
    duplicate: 1,
    late: 0,
    altered: 0,
    unexpected: 0,
    unclaimed: 2,
  };
  const bare = {
    ...run,
    experiments: [
      {
        ...first,
        judgement: { ...judgement, deliveries: listed, matrix: { 'garp-request': { 'leaf-a': cell, 'leaf-b': cell } } },
      },
    ],
  };
  const sections = buildMatrix(bare, NO_DETAILS);
  expect(textAt(sections, 'All legs up', 'garp-request', 'leaf-a')).toMatchObject({
    symbol: '✗',
    count: '20/26',
    word: 'missing +1',
  });
  expect(sections[0]?.rows.find((row) => row.kind.id === 'garp-request')?.groups[0]?.deliveries).toHaveLength(1);
});

test('frames that a leaf sent have rows of their own, and none may come back', () => {
  const { run, details } = passingRun();
  const reflectionRow = (sections: readonly MatrixSection[]) => {
    const group = sections[0]?.rows
      .find((row) => row.variant === 'from-leaf' && row.kind.id === 'arp-request-broadcast')
      ?.groups.find((candidate) => candidate.duty === 'never');
    return group?.cells.map((cell) => cellText(cell, group.duty));
  };
  expect(reflectionRow(buildMatrix(run, details))).toMatchObject([
    { symbol: '✓', count: '0/12' },
    { symbol: '✓', count: '0/12' },
  ]);
  const mutant = run.experiments
    .filter((experiment) => experiment.replicator === 'no-in-port')
    .map((experiment) => ({ ...experiment, intent: { type: 'qualify' as const } }));
  expect(reflectionRow(buildMatrix({ ...run, experiments: mutant }, details))).toMatchObject([
    { symbol: '✗', count: '6/12', word: 'reflected', tone: 'bad' },
    { symbol: '✗', count: '6/12' },
  ]);
});

test('what a profile only records does not mix with what it requires', () => {
  const { run } = passingRun();
  const [first] = run.experiments;
  if (first === undefined || first.judgement === null) throw new Error('the sample has a judgement');
  const { judgement } = first;
  const deliveries = judgement.deliveries.map((delivery, index) =>
    index % 2 === 0 ? delivery : { ...delivery, duty: 'unjudged' as const, verdict: 'skipped' as const },
  );
  const rows = buildMatrix(
    { ...run, experiments: [{ ...first, judgement: { ...judgement, deliveries } }] },
    NO_DETAILS,
  )[0]?.rows.filter((row) => row.kind.id === 'garp-reply');
  expect(rows?.map((row) => [row.variant, row.groups[0]?.duty, row.groups[0]?.cells[0]?.total])).toEqual([
    ['judged', 'replicated', 12],
    ['recorded', 'unjudged', 12],
  ]);
});

test('frames to a neighbor on the same host have rows of their own, and are due at no leaf', () => {
  const { run } = passingRun();
  const [first] = run.experiments;
  if (first === undefined || first.judgement === null) throw new Error('the sample has a judgement');
  const { judgement } = first;
  const deliveries = judgement.deliveries
    .filter(({ kind }) => kind === 'arp-reply-unicast')
    .map((delivery, index) => (index % 2 === 0 ? delivery : { ...delivery, duty: 'on-host' as const }));
  const there = { ...run, experiments: [{ ...first, judgement: { ...judgement, deliveries } }] };
  expect(buildMatrix(there, NO_DETAILS)[0]?.rows.map((row) => [row.variant, row.groups[0]?.duty])).toEqual([
    ['judged', 'replicated'],
    ['on-host', 'on-host'],
  ]);
  expect(renderTerminal(there, { color: false, width: 200 })).toContain('arp-reply-unicast on the host');
  const cell = (tally: Partial<ReturnType<typeof emptyTally>>) => ({
    leaf: 'leaf-a',
    tally: { ...emptyTally(), ...tally },
    total: Object.values(tally).reduce((sum, value) => sum + value, 0),
  });
  expect(cellText(cell({ 'not-expected': 4 }), 'on-host')).toMatchObject({
    symbol: '–',
    word: 'none due',
    tone: 'quiet',
  });
  expect(cellText(cell({ 'not-expected': 3, delivered: 1 }), 'on-host')).toMatchObject({
    symbol: '○',
    count: '1',
    word: 'not due',
    tone: 'quiet',
  });
  expect(cellText(cell({ 'not-expected': 3, unexpected: 1 }), 'on-host')).toMatchObject({
    symbol: '✗',
    word: 'unexpected',
    tone: 'bad',
  });
});

test('in a band nothing is claimed, and the worst outcome names the cell', () => {
  const cell = (tally: Partial<ReturnType<typeof emptyTally>>) => ({
    leaf: 'leaf-a',
    tally: { ...emptyTally(), ...tally },
    total: Object.values(tally).reduce((sum, value) => sum + value, 0),
  });
  expect(cellText(cell({ delivered: 3, 'in-band': 2 }), 'replicated')).toMatchObject({
    symbol: '✓',
    count: '3/3',
    word: '2 in band',
  });
  expect(cellText(cell({ 'in-band': 2 }), 'replicated')).toMatchObject({ symbol: '≈', tone: 'unsure' });
  expect(cellText(cell({ delivered: 1, duplicate: 1, missing: 1 }), 'replicated')).toMatchObject({
    count: '1/3',
    word: 'missing +1',
  });
  expect(cellText(cell({ unexpected: 2, 'not-expected': 2 }), 'replicated')).toMatchObject({
    symbol: '✗',
    word: 'unexpected',
    tone: 'bad',
  });
  expect(cellText(cell({ delivered: 4 }), 'unjudged')).toMatchObject({
    symbol: '○',
    word: 'not judged',
    tone: 'quiet',
  });
  expect(cellText(cell({ 'not-expected': 4 }), 'at-most-once')).toMatchObject({
    symbol: '–',
    word: 'none due',
    tone: 'quiet',
  });
  expect(cellText(cell({ delivered: 1, 'not-expected': 3 }), 'at-most-once')).toMatchObject({
    symbol: '✓',
    count: '1',
  });
  expect(cellText(cell({ delivered: 1, unexpected: 2, 'not-expected': 1 }), 'at-most-once')).toMatchObject({
    symbol: '✗',
    count: '2',
    word: 'unexpected',
  });
  expect(cellText(cell({}), 'replicated')).toMatchObject({ symbol: '·', tone: 'quiet' });
});
