import { parseArgs } from 'node:util';
import { runFuzz } from './run.js';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '200000' }, seed: { type: 'string', default: '1' } },
});
const count = Number(values.count);
const seed = Number(values.seed);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  process.stderr.write('usage: npm run fuzz -- [--count N] [--seed N], both whole numbers\n');
  process.exitCode = 2;
} else {
  const started = performance.now();
  const result = runFuzz({
    count,
    seed,
    progress: (done) => {
      if (done % 20_000 === 0) process.stderr.write(`${done} inputs\n`);
    },
  });
  const seconds = (performance.now() - started) / 1_000;
  const { rss } = process.memoryUsage();
  process.stdout.write(
    `${result.inputs} broken inputs in ${seconds.toFixed(1)} s, the slowest ${result.slowestMs.toFixed(0)} ms, ${Math.round(rss / 2 ** 20)} MiB\n`,
  );
  for (const [outcome, times] of Object.entries(result.seen).sort()) process.stdout.write(`  ${outcome}: ${times}\n`);
  for (const failure of result.failures)
    process.stdout.write(`FAILED, repeat with --seed ${failure.seed} --count 1\n${failure.what}\n`);
  process.stdout.write(
    result.failures.length === 0 ? 'every promise was kept\n' : `${result.failures.length} failures\n`,
  );
  if (result.failures.length > 0) process.exitCode = 1;
}
