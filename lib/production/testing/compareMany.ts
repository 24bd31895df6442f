/** `node dist/lib/production/testing/compareMany.js COUNT [SEED]`: both readers on as many captures by chance. */
import { dice } from '../../dice.js';
import { compareReaders } from './bothReaders.js';
import { randomReading } from './randomReading.js';

const [count = 100_000, first = 1_000_000] = process.argv.slice(2).map(Number);
let [frames, taken, differences] = [0, 0, 0];
for (let seed = first; seed < first + count && differences < 20; seed++) {
  const compared = compareReaders(randomReading(dice(seed)));
  frames += compared.frames;
  taken += compared.taken;
  if (compared.difference === null) continue;
  differences++;
  process.stdout.write(`seed ${seed}: ${compared.difference}\n`);
}
process.stdout.write(`${count} captures, ${frames} frames, of which ${taken} compiled; ${differences} differences\n`);
if (differences > 0) process.exitCode = 1;
