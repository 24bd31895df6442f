import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { stableJson } from '../evidence/json.js';
import type { KeptPlan } from '../run/plan.js';

/** What allure-playwright calls a test. */
const resultSchema = z.looseObject({
  name: z.string(),
  parameters: z.array(z.looseObject({ name: z.string(), value: z.string() })).default([]),
  labels: z.array(z.looseObject({ name: z.string(), value: z.string() })).default([]),
});

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Who made a run, and where it can be looked at; Allure shows a symbol for these types. */
interface Executor {
  readonly name: string;
  readonly type: string;
  readonly buildOrder: number;
  readonly buildName: string;
  readonly buildUrl?: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

function executorOf({ run, startedAt }: KeptPlan, env: Variables): Executor {
  const ci = (name: string, type: string, order = '', buildUrl = ''): Executor => ({
    name,
    type,
    buildOrder: Number(order),
    buildName: run,
    ...(buildUrl === '' ? {} : { buildUrl }),
  });
  if (env['GITHUB_RUN_NUMBER'] !== undefined)
    return ci(
      'GitHub Actions',
      'github',
      env['GITHUB_RUN_NUMBER'],
      `${env['GITHUB_SERVER_URL']}/${env['GITHUB_REPOSITORY']}/actions/runs/${env['GITHUB_RUN_ID']}`,
    );
  if (env['CI_PIPELINE_IID'] !== undefined)
    return ci('GitLab', 'gitlab', env['CI_PIPELINE_IID'], env['CI_PIPELINE_URL']);
  if (env['JENKINS_URL'] !== undefined) return ci('Jenkins', 'jenkins', env['BUILD_NUMBER'], env['BUILD_URL']);
  // Without a number of its own a run has its place in time, s.
  return ci('everyleaf', 'everyleaf', String(Math.floor(Date.parse(startedAt) / 1_000)));
}

/** As java.util.Properties has them: ASCII, and whatever would end a key escaped. */
function properties(facts: Readonly<Record<string, string>>): string {
  const escaped = (text: string, special: RegExp): string =>
    text
      .replaceAll(/\s+/g, ' ')
      .replaceAll(special, '\\$&')
      .replaceAll(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Object.entries(facts)
    .map(([name, value]) => `${escaped(name, /[\\ =:#!]/g)}=${escaped(value, /\\/g)}\n`)
    .join('');
}

/**
 * Makes the results of the runner those of a run: each test has the same identity in every night, whatever file the code
 * is in, and environment and executor are told. allure-playwright takes the identity from the name of that file, and ours
 * is another in each build. Without results nothing is done.
 * @param folder what allure-playwright wrote
 * @param place the binding or testbed
 */
export function writeAllureContext(folder: string, plan: KeptPlan, place: string, env: Variables = process.env): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('-result.json')) continue;
    const file = join(folder, name);
    const result = resultSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const parameters = result.parameters.map((one) => `${one.name}:${one.value}`).sort();
    const testCaseId = md5(`everyleaf: ${result.name}`);
    const own = {
      ...result,
      testCaseId,
      historyId: `${testCaseId}:${md5(parameters.join(','))}`,
      fullName: `everyleaf: ${result.name}`,
      // The tree of the page: data plane, file of scenarios.
      titlePath: ['parentSuite', 'suite'].flatMap((of) =>
        result.labels.flatMap(({ name: label, value }) => (label === of ? [value] : [])),
      ),
      // The first names that file, the second is an identity that it has given.
      labels: result.labels.filter(({ name: label }) => label !== 'package' && label !== '_fallbackTestCaseId'),
    };
    writeFileSync(file, JSON.stringify(own));
  }
  writeFileSync(
    join(folder, 'environment.properties'),
    properties({
      place,
      replicator: basename(plan.replicator),
      ...(plan.dataPlane === undefined ? {} : { 'data plane': plan.dataPlane }),
      topology: basename(plan.topologyFile),
      ...plan.inputs,
      ...plan.environment,
    }),
  );
  writeFileSync(join(folder, 'executor.json'), stableJson(executorOf(plan, env)));
}
