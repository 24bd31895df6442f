import { plural } from './format.js';
import { pad, wrap, type Style } from './terminalText.js';
import type { ControlsTable, MutantRow } from './types.js';

/** The table mutant x scenario; scenarios are numbered, because their sentences are wider than a terminal. */
export function renderControls(controls: ControlsTable, width: number, style: (text: string, name: Style) => string): readonly string[] {
  const { mutants, scenarios, survivors, unproven } = controls;
  if (mutants.length === 0) return [];
  const caught = mutants.filter((row) => row.caught).length;
  const lines = [style(`Controls: ${String(caught)}/${plural(mutants.length, 'mutant', 'mutants')} caught`, survivors.length > 0 ? 'red' : 'bold')];
  const first = Math.max(6, ...mutants.map((row) => row.mutant.length));
  lines.push(style(pad('mutant', first) + scenarios.map((_, index) => pad(`  ${String(index + 1)}`, 5)).join('') + '  caught by', 'dim'));
  for (const row of mutants) {
    const cells = scenarios.map((scenario) => cell(row, scenario, style)).join('');
    const shown = [...new Set(Object.values(row.cells).flatMap((one) => (one.caught ? one.signatures.filter((signature) => row.mustShow.includes(signature)) : [])))];
    lines.push(`${pad(row.mutant, first)}${cells}  ${row.caught ? shown.join(', ') : style('✗ SURVIVED', 'red')}`);
  }
  scenarios.forEach((scenario, index) => lines.push(style(pad(`  ${String(index + 1)}  ${scenario}`, width), 'dim')));
  for (const name of survivors) lines.push(...wrap(`✗ mutant ${name} SURVIVED: no scenario noticed that it is broken`, width).map((line) => style(line, 'red')));
  for (const name of unproven) lines.push(...wrap(`✗ "${name}" never failed on any mutant: its pass proves nothing`, width).map((line) => style(line, 'red')));
  return [...lines, ''];
}

function cell(row: MutantRow, scenario: string, style: (text: string, name: Style) => string): string {
  const found = row.cells[scenario];
  if (found === undefined) return pad('  ·', 5);
  if (found.caught) return style(pad('  ✓', 5), 'green');
  if (found.verdict === 'pass') return style(pad('  –', 5), 'dim');
  return style(pad(found.verdict === 'fail' ? '  ✗' : '  ?', 5), 'yellow');
}
