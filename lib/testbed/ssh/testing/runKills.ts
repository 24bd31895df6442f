/** `runKills [COUNT [SEED]]`, as root: kills so many whole runs over ssh, each at a random instant; says what was wrong after each. */
import { dice } from '../../../dice.js';
import { runKillRound } from './runKillRound.js';
import { bringUpTwoLeaves } from './twoLeaves.js';

const [count = 20, seed = Date.now()] = process.argv.slice(2).map(Number);
/** From the start of a run over its login, its lab, its probes and a fault, ms: it takes twice as long on a busy machine. */
const LATEST_MS = 30_000;
const random = dice(seed);
let wrongs = 0;
await using leaves = await bringUpTwoLeaves();
for (let done = 1; done <= count; done++) {
  const { hit, wrong } = await runKillRound(leaves, random() * LATEST_MS);
  wrongs += wrong.length;
  process.stdout.write(`${done} of ${count}: ${JSON.stringify(hit)}; wrong: ${wrong.join('; ') || 'nothing'}\n`);
}
process.stdout.write(`seed ${seed}: ${wrongs} wrong\n`);
if (wrongs > 0) process.exitCode = 1;
