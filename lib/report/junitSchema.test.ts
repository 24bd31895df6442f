import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { renderJunit, type JunitProperties } from './junit.js';
import { emptyRun, failingRun, hostileRun, inconclusiveRun, passingRun } from './testing/sampleRun.js';

/** xmllint of libxml2, compiled: the part of its types that is used here. */
interface Xmllint {
  readonly validateXML: (options: { readonly xml: readonly object[]; readonly schema: string }) => Promise<{
    readonly valid: boolean;
    readonly errors: readonly { readonly message: string }[];
  }>;
}
const { validateXML } = createRequire(import.meta.url)('xmllint-wasm') as Xmllint;

const SCHEMA = readFileSync(join(PACKAGE_ROOT, 'lib/report/testing/junit.xsd'), 'utf8');

/** Validated at once, as the compiled xmllint takes a moment to start. */
async function complaints(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const xml = Object.entries(files).map(([fileName, contents]) => ({ fileName: `${fileName}.xml`, contents }));
  const { errors } = await validateXML({ xml, schema: SCHEMA });
  // Behind the last complaint of a file it is said that the file is not valid, though not always.
  return errors.map(({ message }) => message).filter((message) => !message.endsWith(' fails to validate'));
}

test('JUnit is valid by the form that the strictest of common readers demands, whatever a run and its history say', async () => {
  const skipped = passingRun().run;
  const [first] = skipped.experiments;
  if (first === undefined) throw new Error('the sample has experiments');
  const { run } = hostileRun();
  const said: JunitProperties = new Map(
    run.experiments.map(({ scenario, dataplane }) => [
      `${scenario} [${dataplane}]`,
      [
        ['everyleaf.night', 'new failure'],
        ['everyleaf.night.sentence', '<b>"&]]> \u0000 \u001b\nmore'],
      ] as const,
    ]),
  );
  const known = renderJunit(run, said);
  expect(known.match(/<property /g)?.length).toBeGreaterThan(1);
  expect(known.match(/<system-out>/g)?.length).toBeGreaterThan(0);
  expect(
    await complaints({
      passing: renderJunit(passingRun().run),
      failing: renderJunit(failingRun().run),
      inconclusive: renderJunit(inconclusiveRun().run),
      empty: renderJunit(emptyRun().run),
      skipped: renderJunit({ ...skipped, experiments: [{ ...first, verdict: 'skipped' }] }),
      known,
    }),
  ).toEqual([]);
  // The schema refuses what that reader refuses.
  const wrong = await complaints({
    root: known.replace('<testsuites ', '<testsuites skipped="0" '),
    late: known.replace(/(<properties>[\s\S]*?<\/properties>\n)([\s\S]*?<\/testcase>\n)/, '$2$1'),
    zone: known.replace(/timestamp="[^"]*/, '$&Z'),
  });
  expect(wrong).toHaveLength(3);
});
