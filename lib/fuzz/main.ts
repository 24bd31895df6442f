import { parseArgs } from 'node:util';
import { runFuzz, SORTS, type FuzzOptions, type Sort } from './run.js';

/** What is made where nothing is asked for: a mix, and as many bundles as a release should stand; they are quick. */
const USUAL: readonly FuzzOptions[] = [
  { count: 200_000, seed: 1 },
  { count: 100_000, seed: 1, only: 'bundles' },
];

const USAGE = `usage: npm run fuzz -- [--only ${SORTS.join('|')}] [--count N] [--seed N], N whole numbers
`;

/** One round of inputs, told on stdout. Returns how many of them broke a promise. */
function round(options: FuzzOptions): number {
  const started = performance.now();
  const result = runFuzz({
    ...options,
    progress: (done) => {
      if (done % 20_000 === 0) process.stderr.write(`${done} inputs\n`);
    },
  });
  const seconds = (performance.now() - started) / 1_000;
  const { rss } = process.memoryUsage();
  const only = options.only === undefined ? '' : ` --only ${options.only}`;
  process.stdout.write(
    `${result.inputs} broken inputs${only} in ${seconds.toFixed(1)} s, the slowest ${result.slowestMs.toFixed(0)} ms, ${Math.round(rss / 2 ** 20)} MiB\n`,
  );
  for (const [outcome, times] of Object.entries(result.seen).sort()) process.stdout.write(`  ${outcome}: ${times}\n`);
  for (const failure of result.failures)
    process.stdout.write(`FAILED, repeat with --seed ${failure.seed} --count 1${only}\n${failure.what}\n`);
  return result.failures.length;
}

const { values } = parseArgs({
  options: { count: { type: 'string' }, seed: { type: 'string', default: '1' }, only: { type: 'string' } },
});
const isSort = (name: string): name is Sort => SORTS.some((sort) => sort === name);
const { only } = values;
const seed = Number(values.seed);
const count = values.count === undefined ? undefined : Number(values.count);
if ((count !== undefined && !(Number.isInteger(count) && count > 0)) || !Number.isInteger(seed)) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else if (only !== undefined && !isSort(only)) {
  process.stderr.write(`there are no ${only}\n${USAGE}`);
  process.exitCode = 2;
} else {
  const rounds: readonly FuzzOptions[] =
    count === undefined && only === undefined
      ? USUAL.map((one) => ({ ...one, seed }))
      : [{ count: count ?? 100_000, seed, ...(only === undefined ? {} : { only }) }];
  const failures = rounds.map(round).reduce((sum, one) => sum + one, 0);
  process.stdout.write(failures === 0 ? 'every promise was kept\n' : `${failures} failures\n`);
  if (failures > 0) process.exitCode = 1;
}
