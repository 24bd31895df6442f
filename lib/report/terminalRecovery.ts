import { nanos } from './format.js';
import { recoveryRows, type Spread } from './recoveryTable.js';
import type { RunReport } from '../run/result.js';

const spread = (value: Spread | null): string =>
  value === null ? '-' : value.worst === 0 ? 'none' : `${nanos(value.median)} / ${nanos(value.worst)}`;

/** The cost of each fault, median / worst; nothing when no fault was made while frames were due. */
export function recoveryLines(run: RunReport): readonly string[] {
  const rows = recoveryRows(run.experiments).map((row) => [
    row.verb,
    row.variant,
    String(row.times),
    spread(row.back),
    spread(row.gap),
    row.missing === 0 ? '' : `${String(row.missing)} times missing while due`,
  ]);
  if (rows.length === 0) return [];
  const table = [['Recovery', 'bond', 'times', 'on every leaf again', 'longest silence on a leaf', ''], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return [
    ...table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    '',
  ];
}
