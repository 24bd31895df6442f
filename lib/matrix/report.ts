import type { Verdict } from '../judge/types.js';
import { worstOf } from '../judge/tell/verdict.js';
import { planeName } from '../dataplane/traits.js';
import { plural } from '../report/format.js';
import type { MatrixCell, MatrixReport, MatrixRow, PlaneColumn } from './types.js';

export const sameColumn = (a: PlaneColumn, b: PlaneColumn): boolean => a.plane === b.plane && a.variant === b.variant;

export const columnName = ({ plane, variant }: PlaneColumn): string => planeName({ kind: plane, variant });

/** Why what a column says cannot be trusted; null where a host without a replicator failed there as it must. */
export function distrust(control: MatrixCell): string | null {
  const where = columnName(control);
  const who = control.replicator;
  switch (control.state) {
    case 'fails':
      return control.misses
        ? null
        : `${who} failed on ${where}, but no neighbor frame was missing at a leaf: this lab does not show what a missing replicator is`;
    case 'holds':
      return `the lab is broken: ${who}, a host without a replicator, held on ${where}`;
    // A run without controls that found nothing wrong ends like this.
    case 'inconclusive':
    case 'blocked':
    case 'not-tried':
      return `nothing shows that this lab would notice a missing replicator: ${who} on ${where} is ${stateText(control)}: ${control.sentence}`;
    // Whoever is tried there all the same is tried without a control.
    case 'does-not-fit':
    case 'not-here':
      return `${who} could not be tried on ${where}: ${control.sentence}`;
  }
}

export function stateText({ state }: Pick<MatrixCell, 'state'>): string {
  return state.replaceAll('-', ' ');
}

const VERDICTS: Readonly<Record<MatrixCell['state'], Verdict>> = {
  holds: 'pass',
  fails: 'fail',
  inconclusive: 'inconclusive',
  blocked: 'blocked',
  'not-tried': 'blocked',
  'does-not-fit': 'skipped',
  'not-here': 'skipped',
};

export const isControlOf = (rows: readonly MatrixRow[], { replicator }: MatrixCell): boolean =>
  rows.some((row) => row.isControl && row.replicator === replicator);

const isRight = (cell: MatrixCell): boolean => cell.state === 'fails' && cell.misses;

/** What the matrix stands for: each pair that fits must hold, and a host without a replicator must fail. */
function verdictOf(rows: readonly MatrixRow[], cells: readonly MatrixCell[]): Verdict {
  const verdicts = cells.map((cell): Verdict => {
    if (!isControlOf(rows, cell)) return VERDICTS[cell.state];
    if (cell.state === 'holds') return 'fail';
    if (cell.state === 'fails') return cell.misses ? 'pass' : 'inconclusive';
    return VERDICTS[cell.state];
  });
  const said = verdicts.filter((verdict) => verdict !== 'skipped');
  const hasPair = cells.some((cell) => !isControlOf(rows, cell) && VERDICTS[cell.state] !== 'skipped');
  return said.length === 0 || !hasPair ? worstOf(['skipped', ...said.filter((one) => one !== 'pass')]) : worstOf(said);
}

function sentenceOf(rows: readonly MatrixRow[], cells: readonly MatrixCell[]): string {
  const pairs = cells.filter((cell) => !isControlOf(rows, cell));
  const controls = cells.filter((cell) => isControlOf(rows, cell));
  const names = (state: MatrixCell['state']) =>
    pairs.filter((cell) => cell.state === state).map((cell) => `${cell.replicator} on ${columnName(cell)}`);
  const fitting = pairs.filter(({ state }) => VERDICTS[state] !== 'skipped');
  const tried = controls.filter(({ state }) => VERDICTS[state] !== 'skipped');
  const unmade = new Set(controls.filter(({ state }) => state === 'not-here').map(columnName));
  const lacking = pairs.filter((cell) => cell.state === 'not-here' && !unmade.has(columnName(cell)));
  const parts = [
    fitting.length === 0
      ? 'no pair could be tried'
      : `${names('holds').length} of ${fitting.length} pairs that fit and could be tried ${names('holds').length === 1 ? 'holds' : 'hold'}`,
    ...(['fails', 'inconclusive', 'blocked', 'not-tried'] as const).flatMap((state) =>
      names(state).length === 0 ? [] : [`${stateText({ state })}: ${names(state).join(', ')}`],
    ),
    `a host without a replicator was seen to fail on ${tried.filter(isRight).length} of ${plural(tried.length, 'data plane', 'data planes')}`,
    ...(unmade.size === 0 ? [] : [`cannot be made here: ${[...unmade].join(', ')}`]),
    ...(lacking.length === 0
      ? []
      : [`lacking here: ${lacking.map((cell) => `${cell.replicator} on ${columnName(cell)}`).join(', ')}`]),
  ];
  return `${parts.join('; ')}.`;
}

/** A matrix before anything is concluded from its cells. */
export type Tried = Omit<MatrixReport, 'schema' | 'verdict' | 'sentence' | 'distrusted'>;

/**
 * Concludes. In a column in which a host without a replicator was not seen to fail, nothing holds: what seemed to is
 * inconclusive, and says why.
 */
export function matrixReport(tried: Tried): MatrixReport {
  const { rows, columns } = tried;
  const distrusted = columns.flatMap((column) => {
    const controls = tried.cells.filter((cell) => isControlOf(rows, cell) && sameColumn(cell, column));
    const sentence =
      controls.length === 0
        ? 'no host without a replicator was tried'
        : controls.map(distrust).find((one) => one !== null);
    const isTried = tried.cells.some((cell) => sameColumn(cell, column) && VERDICTS[cell.state] !== 'skipped');
    return sentence === undefined || !isTried ? [] : [{ ...column, sentence }];
  });
  const cells = tried.cells.map((cell): MatrixCell => {
    const why = distrusted.find((column) => sameColumn(column, cell));
    return why === undefined || cell.state !== 'holds' || isControlOf(rows, cell)
      ? cell
      : { ...cell, state: 'inconclusive', sentence: `${why.sentence}. Otherwise: ${cell.sentence}` };
  });
  return {
    schema: 1,
    ...tried,
    cells,
    distrusted,
    verdict: verdictOf(rows, cells),
    sentence: sentenceOf(rows, cells),
  };
}
