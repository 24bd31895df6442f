import { parseArgs } from 'node:util';
import { judgeRandom, type RandomOutcome, type RandomResult } from './judgeRandom.js';

/**
 * Prints how many captures by chance were judged how, as the tables of docs/judging-captures.md: `node
 * dist/lib/production/testing/random.js`.
 */
const { values } = parseArgs({
  options: { count: { type: 'string', default: '5000' }, seed: { type: 'string', default: '1' } },
});
const OUTCOMES: readonly RandomOutcome[] = ['pass', 'fail', 'inconclusive', 'false fail', 'false pass', 'wrong reason'];
const tables = {
  'what is true': ({ captures }: RandomResult) => captures.truth,
  'frames of a leaf': ({ captures }: RandomResult) => captures.shape.rate,
  'clock of leaf-b': ({ captures }: RandomResult) => captures.shape.ahead,
  'around each frame': ({ captures }: RandomResult) => captures.shape.around,
  'frames say': ({ captures }: RandomResult) => captures.shape.says,
};
const counts = new Map<string, Map<string, number[]>>();
const wrong: string[] = [];
for (let i = 0, first = Number(values.seed); i < Number(values.count); i++) {
  const result = judgeRandom(first + i);
  const place = OUTCOMES.indexOf(result.outcome);
  if (place > 2)
    wrong.push(
      `${first + i}: ${result.outcome}, ${result.captures.truth} ${JSON.stringify(result.captures.shape)}: ${result.judgement.reasons.join(' ').slice(0, 300)}`,
    );
  for (const [table, of] of Object.entries(tables)) {
    let rows = counts.get(table);
    if (rows === undefined) counts.set(table, (rows = new Map<string, number[]>()));
    const row = rows.get(of(result)) ?? OUTCOMES.map(() => 0);
    row[place] = (row[place] ?? 0) + 1;
    rows.set(of(result), row);
  }
}
for (const [table, rows] of counts) {
  process.stdout.write(`| ${[table, ...OUTCOMES].join(' | ')} |\n|${'---|'.repeat(OUTCOMES.length + 1)}\n`);
  for (const [name, row] of [...rows].sort()) process.stdout.write(`| ${[name, ...row].join(' | ')} |\n`);
  process.stdout.write('\n');
}
for (const line of wrong) process.stdout.write(`${line}\n`);
