import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stableJson } from '../../evidence/json.js';
import { unpackGolden } from '../../evidence/testing/golden.js';
import { INVENTORY_FILE, type InventoryRecord } from '../../inventory/inventory.js';
import type { TestsRecord } from '../../run/testRecord.js';

const SAID = { machine: 'this machine', command: 'uname -a', code: 0, stdout: 'Linux 6.12\n', stderr: '' };

/** What the golden run was made before: its machine was not asked. */
export const SAMPLE_INVENTORY: InventoryRecord = { parts: [{ before: [SAID], after: [SAID] }] };

/**
 * The evidence of a run of some scenarios, with their controls: a part of the golden run, in a new folder below
 * `parent`. Returns that folder.
 * @param isWanted of scenarios, by title
 */
export function smallRun(parent: string, isWanted: (scenario: string) => boolean): string {
  const golden = join(parent, 'golden');
  mkdirSync(golden);
  const whole = unpackGolden(golden);
  const folder = join(parent, 'small', 'evidence');
  mkdirSync(folder, { recursive: true });
  const tests = JSON.parse(readFileSync(join(whole, 'tests.json'), 'utf8')) as TestsRecord;
  writeFileSync(
    join(folder, 'tests.json'),
    stableJson({ ...tests, tests: tests.tests.filter(({ scenario }) => isWanted(scenario)) }),
  );
  writeFileSync(join(folder, INVENTORY_FILE), stableJson(SAMPLE_INVENTORY));
  cpSync(join(whole, 'plan.json'), join(folder, 'plan.json'));
  for (const entry of readdirSync(whole, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const { scenario } = JSON.parse(readFileSync(join(whole, entry.name, 'outcome.json'), 'utf8')) as {
      scenario: string;
    };
    if (isWanted(scenario)) cpSync(join(whole, entry.name), join(folder, entry.name), { recursive: true });
  }
  rmSync(golden, { recursive: true });
  return folder;
}
