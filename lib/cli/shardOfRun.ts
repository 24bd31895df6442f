import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readHistory } from '../nightly/historyFile.js';
import { shardText, type Shard } from '../run/shard.js';
import { EXIT } from './exitCodes.js';
import { testsOf } from './runnerEnd.js';
import { print, printJson } from './terminal.js';

/** Nights whose durations count; before, the machines may have been others. */
const RECENT = 20;

/** A shard that is balanced by how long each experiment took in the nights before, where there are any. */
export function withDurations(shard: Shard, history: string): Shard {
  const nights = existsSync(history)
    ? readdirSync(history)
        .filter((name) => name.endsWith('.jsonl'))
        .flatMap((name) => readHistory(join(history, name)).nights.slice(-RECENT))
    : [];
  const durations: Record<string, number> = {};
  for (const { tests } of nights)
    for (const [name, { ms }] of Object.entries(tests))
      if (ms > 0) durations[name] = Math.max(ms, durations[name] ?? 0);
  return Object.keys(durations).length === 0 ? shard : { ...shard, durations };
}

/** Says what a shard has tried. It has no verdict; exit 69 where it did not get to its end. */
export async function tellShard(runFolder: string, shard: Shard, { json }: { readonly json: boolean }): Promise<void> {
  const record = testsOf(runFolder);
  const tests = record?.tests ?? [];
  const tried = tests.filter(({ status }) => status !== 'never-ran' && status !== 'interrupted').length;
  const isWhole =
    record !== null &&
    record.errors.length === 0 &&
    (record.status === 'passed' || record.status === 'failed') &&
    tried === tests.length;
  process.exitCode = isWhole ? EXIT.pass : EXIT.infrastructure;
  const name = shardText(shard);
  const sentence = `Shard ${name}: ${tried} of its ${tests.length} experiments and controls were tried. It has no verdict of its own.`;
  const next = 'everyleaf merge OUT FOLDER... judges all shards together';
  if (json)
    await printJson({
      shard: name,
      tried,
      planned: tests.length,
      sentence,
      exitCode: process.exitCode,
      folder: runFolder,
    });
  else
    await print(
      [
        sentence,
        ...(record?.errors ?? []).map((one) => `  ${one.split('\n')[0] ?? ''}`),
        `  folder: ${runFolder}`,
        `  ${next}`,
      ].join('\n'),
    );
}
