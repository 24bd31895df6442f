import { plural } from './format.js';
import { pad, wrap, type Style } from './terminalText.js';
import { controlRows } from '../run/controls.js';
import type { ControlRow, ControlsTable } from '../run/result.js';

/**
 * The table of mutants and tampers x scenarios; scenarios are numbered, because their sentences are wider than a
 * terminal.
 */
export function renderControls(
  controls: ControlsTable,
  width: number,
  style: (text: string, name: Style) => string,
): readonly string[] {
  const { mutants, tampers, scenarios, survivors, undecided, unproven } = controls;
  const rows = controlRows(controls);
  if (rows.length === 0)
    return [style('No control was made: nothing shows that this run would have noticed anything', 'yellow'), ''];
  const caught = (some: readonly ControlRow[], one: string, many: string): readonly string[] =>
    some.length === 0
      ? []
      : [`${String(some.filter((row) => row.fate === 'caught').length)}/${plural(some.length, one, many)}`];
  const counts = [...caught(mutants, 'mutant', 'mutants'), ...caught(tampers, 'tamper', 'tampers')].join(' and ');
  const lines = [style(`Controls: ${counts} caught`, survivors.length > 0 ? 'red' : 'bold')];
  const first = Math.max(6, ...rows.map((row) => row.name.length));
  const heading = (what: string): string =>
    style(
      pad(what, first) + scenarios.map((_, index) => pad(`  ${String(index + 1)}`, 5)).join('') + '  caught by',
      'dim',
    );
  rows.forEach((row, at) => {
    if (row.type !== rows[at - 1]?.type) lines.push(heading(row.type));
    const cells = scenarios.map((scenario) => cell(row, scenario, style)).join('');
    const shown = [...new Set(Object.values(row.cells).flatMap((one) => (one.fate === 'caught' ? one.proofs : [])))];
    lines.push(
      `${pad(row.name, first)}${cells}  ${row.fate === 'caught' ? shown.join(', ') : row.fate === 'undecided' ? style('? not judged', 'yellow') : style('✗ SURVIVED', 'red')}`,
    );
  });
  scenarios.forEach((scenario, index) => lines.push(style(pad(`  ${String(index + 1)}  ${scenario}`, width), 'dim')));
  for (const name of survivors)
    lines.push(
      ...wrap(`✗ ${name} SURVIVED: a scenario that must notice it did not`, width).map((line) => style(line, 'red')),
    );
  for (const name of undecided)
    lines.push(
      ...wrap(`? ${name}: a control could not be judged, so it is unknown whether it would be noticed`, width).map(
        (line) => style(line, 'yellow'),
      ),
    );
  for (const name of unproven)
    lines.push(
      ...wrap(`? "${name}" never failed on any control: nothing shows that it can`, width).map((line) =>
        style(line, 'yellow'),
      ),
    );
  return [...lines, ''];
}

function cell(row: ControlRow, scenario: string, style: (text: string, name: Style) => string): string {
  const found = row.cells[scenario];
  if (found === undefined) return pad('  ·', 5);
  if (found.fate === 'caught') return style(pad('  ✓', 5), 'green');
  if (found.verdict === 'pass') return style(pad('  –', 5), 'dim');
  return style(pad(found.verdict === 'fail' ? '  ✗' : '  ?', 5), 'yellow');
}
