/**
 * `node dist/lib/production/testing/compareMany.js COUNT [SEED] [reader|matcher]`: what is compiled and what can do
 * everything, on as many captures by chance.
 */
import { dice } from '../../dice.js';
import { compareMatchers } from './bothMatchers.js';
import { compareReaders } from './bothReaders.js';
import { randomMatching } from './randomMatching.js';
import { randomReading } from './randomReading.js';

const [count = 100_000, first = 1_000_000] = process.argv.slice(2).map(Number);
const what = process.argv[4] ?? 'reader';
let [frames, taken, differences] = [0, 0, 0];
const verdicts = new Map<string, number>();
for (let seed = first; seed < first + count && differences < 20; seed++) {
  const { difference, ...compared } = what === 'matcher' ? ofMatchers(seed) : compareReaders(randomReading(dice(seed)));
  frames += compared.frames;
  taken += compared.taken;
  if (difference === null) continue;
  differences++;
  process.stdout.write(`seed ${seed}: ${difference}\n`);
}
const told = [...verdicts].map(([verdict, times]) => `, ${times} ${verdict}`).join('');
process.stdout.write(
  `${count} captures${told}, ${frames} frames, of which ${taken} compiled; ${differences} differences\n`,
);
if (differences > 0) process.exitCode = 1;

function ofMatchers(seed: number): {
  readonly difference: string | null;
  readonly frames: number;
  readonly taken: number;
} {
  const { files, options } = randomMatching(dice(seed));
  const { difference, frames: judged, left, judgement } = compareMatchers(files, options);
  verdicts.set(judgement.verdict, (verdicts.get(judgement.verdict) ?? 0) + 1);
  return { difference, frames: judged, taken: Math.max(0, judged - left) };
}
