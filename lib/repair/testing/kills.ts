/** `kills [COUNT [SEED]]`, as root: rounds of a dozen kills until there were so many, and what was wrong after each. */
import { dice } from '../../dice.js';
import { openTestNetwork } from '../../ssh/testing/network.js';
import { killRound } from './killRound.js';

const [count = 100, seed = Date.now()] = process.argv.slice(2).map(Number);
const AT_A_TIME = 12;
const random = dice(seed);
let wrongs = 0;
for (let done = 0; done < count; done += AT_A_TIME) {
  await using network = await openTestNetwork();
  const machine = await network.boot('leafa', { config: ['MaxStartups 100'] });
  const names = Array.from({ length: Math.min(AT_A_TIME, count - done) }, (_, i) => `k${i}`);
  const { wrong, hit } = await killRound(network, machine, { names, random });
  wrongs += wrong.length;
  process.stdout.write(
    `${done + names.length} of ${count}: ${JSON.stringify(hit)}; wrong: ${wrong.join('; ') || 'nothing'}\n`,
  );
}
process.stdout.write(`seed ${seed}: ${wrongs} wrong\n`);
if (wrongs > 0) process.exitCode = 1;
