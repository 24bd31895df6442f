import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { SIGNATURES } from '../../judge/tell/claims.js';
import type { Signature } from '../../judge/types.js';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { MUTANTS } from './registry.js';

/** These never fail anything: they say that there is no verdict, or are notes. */
const NO_FAILURE: readonly Signature[] = [
  'no-proof-of-life',
  'drops',
  'no-cpu',
  'damaged-capture',
  'all-in-band',
  'nothing-judged',
  'table-not-aged',
  'blocked',
  'audit',
  'table-kept',
  'traffic',
  'second-host',
  'unasked',
];

const SCENARIOS = join(PACKAGE_ROOT, 'scenarios');

/** What scenarios demand of mutants beyond their own signatures, as their files say it. */
function shownByScenarios(): readonly string[] {
  const files = readdirSync(SCENARIOS, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.spec.ts'),
  );
  return files.flatMap((file) =>
    [...readFileSync(join(SCENARIOS, file), 'utf8').matchAll(/finds: \{(.*?)\}/gs)].flatMap(([, finds = '']) =>
      [...finds.matchAll(/\[(.*?)\]/gs)].flatMap(([, list = '']) =>
        [...list.matchAll(/'([\w-]+)'/g)].map(([, one = '']) => one),
      ),
    ),
  );
}

test('each way to fail is demanded of at least one mutant', () => {
  const demanded = new Set<string>([...MUTANTS.flatMap((mutant) => mutant.mustFind), ...shownByScenarios()]);
  expect(SIGNATURES.filter((signature) => !NO_FAILURE.includes(signature) && !demanded.has(signature))).toEqual([]);
});

test('no two mutants have one name', () => {
  expect(new Set(MUTANTS.map((mutant) => mutant.name)).size).toBe(MUTANTS.length);
});
