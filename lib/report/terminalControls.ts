import { plural } from './format.js';
import { pad, wrap, type Style } from './terminalText.js';
import type { ControlsTable, MutantRow } from '../run/result.js';

/** The table mutant x scenario; scenarios are numbered, because their sentences are wider than a terminal. */
export function renderControls(
  controls: ControlsTable,
  width: number,
  style: (text: string, name: Style) => string,
): readonly string[] {
  const { mutants, scenarios, survivors, undecided, unproven } = controls;
  if (mutants.length === 0)
    return [style('No broken replicator was tried: nothing shows that this run would have noticed one', 'yellow'), ''];
  const caught = mutants.filter((row) => row.fate === 'caught').length;
  const lines = [
    style(
      `Controls: ${String(caught)}/${plural(mutants.length, 'mutant', 'mutants')} caught`,
      survivors.length > 0 ? 'red' : 'bold',
    ),
  ];
  const first = Math.max(6, ...mutants.map((row) => row.mutant.length));
  lines.push(
    style(
      pad('mutant', first) + scenarios.map((_, index) => pad(`  ${String(index + 1)}`, 5)).join('') + '  caught by',
      'dim',
    ),
  );
  for (const row of mutants) {
    const cells = scenarios.map((scenario) => cell(row, scenario, style)).join('');
    const shown = [...new Set(Object.values(row.cells).flatMap((one) => (one.fate === 'caught' ? one.proofs : [])))];
    lines.push(
      `${pad(row.mutant, first)}${cells}  ${row.fate === 'caught' ? shown.join(', ') : row.fate === 'undecided' ? style('? not judged', 'yellow') : style('✗ SURVIVED', 'red')}`,
    );
  }
  scenarios.forEach((scenario, index) => lines.push(style(pad(`  ${String(index + 1)}  ${scenario}`, width), 'dim')));
  for (const name of survivors)
    lines.push(
      ...wrap(`✗ mutant ${name} SURVIVED: a scenario that must notice it did not`, width).map((line) =>
        style(line, 'red'),
      ),
    );
  for (const name of undecided)
    lines.push(
      ...wrap(
        `? mutant ${name}: a control could not be judged, so nobody knows whether it would be noticed`,
        width,
      ).map((line) => style(line, 'yellow')),
    );
  for (const name of unproven)
    lines.push(
      ...wrap(`? "${name}" never failed on any mutant: nothing shows that it can`, width).map((line) =>
        style(line, 'yellow'),
      ),
    );
  return [...lines, ''];
}

function cell(row: MutantRow, scenario: string, style: (text: string, name: Style) => string): string {
  const found = row.cells[scenario];
  if (found === undefined) return pad('  ·', 5);
  if (found.fate === 'caught') return style(pad('  ✓', 5), 'green');
  if (found.verdict === 'pass') return style(pad('  –', 5), 'dim');
  return style(pad(found.verdict === 'fail' ? '  ✗' : '  ?', 5), 'yellow');
}
