import { nanos } from '../report/format.js';
import { paint, printable, wrap, type Style } from '../report/terminalText.js';
import { columnName, isControlOf, sameColumn } from './report.js';
import type { CellState, FirstFailure, MatrixCell, MatrixReport } from './types.js';

/** A cell in a word. */
export const CELL_WORDS: Readonly<Record<CellState, string>> = {
  holds: '✓ holds',
  fails: '✗ fails',
  inconclusive: '? open',
  blocked: '⊘ blocked',
  'does-not-fit': '· no fit',
  'not-here': '– not here',
  'not-tried': '⊘ not tried',
};

/** A control that fails is as it should be. */
export function cellWord(report: Pick<MatrixReport, 'rows'>, cell: MatrixCell): string {
  if (!isControlOf(report.rows, cell)) return CELL_WORDS[cell.state];
  if (cell.state === 'fails' && cell.misses) return '✓ fails';
  return cell.state === 'holds' ? '✗ holds' : CELL_WORDS[cell.state];
}

const STYLES: readonly (readonly [sign: string, style: Style])[] = [
  ['✓', 'green'],
  ['✗', 'red'],
  ['?', 'yellow'],
  ['⊘', 'yellow'],
  ['·', 'dim'],
  ['–', 'dim'],
];

function painted(word: string, width: number): string {
  const style = STYLES.find(([sign]) => word.startsWith(sign))?.[1] ?? 'dim';
  return `${paint(word, style)}${' '.repeat(Math.max(0, width - word.length))}`;
}

/** The first failing frame as a sentence. */
export function firstText(first: FirstFailure): string {
  const at = first.leaf === null ? '' : ` at ${first.leaf}`;
  const seen = first.copies.map(
    ({ leaf, file, number, afterNs }) =>
      `${leaf} has it after ${nanos(afterNs)}${file === null || number === null ? '' : `, frame ${number} of ${file}`}`,
  );
  const not = first.captures.filter((file) => !first.copies.some((copy) => copy.file === file));
  return [
    `${first.sentAt} ${first.kind} of ${first.sender} (probe ${first.probe}) ${first.wrong}${at}`,
    ...seen,
    ...not.map((file) => `not in ${file}`),
  ].join('; ');
}

/** Pairs are told in the order of what must be looked at. */
const TOLD: readonly CellState[] = ['fails', 'inconclusive', 'blocked', 'not-tried', 'not-here', 'holds'];

function details(report: MatrixReport, width: number): readonly string[] {
  const tell = (cell: MatrixCell): readonly string[] => {
    const { first } = cell;
    const lines = [
      cell.sentence,
      ...(first === null
        ? []
        : [`first: ${firstText(first)}`, `in "${first.scenario}": ${first.summary ?? 'no evidence'}`]),
      ...(cell.report === null ? [] : [cell.report]),
    ];
    return [
      `${cell.replicator} on ${columnName(cell)}: ${cellWord(report, cell)}`,
      ...lines.flatMap((line) => wrap(line, width - 4).map((part) => `    ${part}`)),
    ];
  };
  return TOLD.flatMap((state) => report.cells.filter((cell) => cell.state === state).flatMap(tell));
}

/** The matrix for a terminal: data planes below each other, a column for each replicator, then why. */
export function matrixText(
  report: MatrixReport,
  { width, color }: { readonly width: number; readonly color: boolean },
): string {
  const heads = report.rows.map(({ replicator, isControl }) => `${replicator}${isControl ? ' (must fail)' : ''}`);
  const widths = report.rows.map(({ replicator }, at) =>
    Math.max(
      heads[at]?.length ?? 0,
      ...report.cells.filter((cell) => cell.replicator === replicator).map((cell) => cellWord(report, cell).length),
    ),
  );
  const first = Math.max('data plane'.length, ...report.columns.map((column) => columnName(column).length));
  const lines = [
    `${'data plane'.padEnd(first)}  ${heads.map((head, at) => head.padEnd(widths[at] ?? 0)).join('  ')}`,
    ...report.columns.map((column) => {
      const words = report.rows.map(({ replicator }, at) => {
        const cell = report.cells.find((one) => one.replicator === replicator && sameColumn(one, column));
        return cell === undefined ? '' : painted(cellWord(report, cell), widths[at] ?? 0);
      });
      return `${columnName(column).padEnd(first)}  ${words.join('  ')}`;
    }),
    '',
    ...report.distrusted.flatMap(({ sentence }) => wrap(`! ${sentence}`, width)),
    ...details(report, width),
    '',
    ...wrap(report.scope, width),
    ...report.leftOut.flatMap((text) => wrap(`not on this page: ${text}`, width)),
    `${report.verdict}: ${report.sentence}`,
  ];
  const text = lines.map((line) => printable(line.trimEnd())).join('\n');
  return color ? text : text.replaceAll(/\u001b\[\d+m/g, '');
}
