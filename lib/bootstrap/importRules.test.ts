import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@playwright/test';
import { execa } from 'execa';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Names of the rules that these files break. */
async function brokenRules(folder: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await copyFile(join(ROOT, '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
  await writeFile(join(folder, 'tsconfig.json'), '{"compilerOptions":{"module":"NodeNext"}}');
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const argv = [
    join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    '.',
  ];
  const { stdout } = await execa(process.execPath, argv, { cwd: folder, reject: false });
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: readonly { from: string; rule: { name: string } }[] };
  };
  return summary.violations.map((violation) => `${violation.from}: ${violation.rule.name}`).sort();
}

test('the import rules let good files pass and stop every kind of bad one', async ({}, info) => {
  expect(
    await brokenRules(info.outputDir, {
      'lib/wire/good.ts': `import { other } from '../pcap/other.js';\nimport type { Evidence } from '../evidence/types.js';\nexport const good: Evidence = other;\n`,
      'lib/wire/good.test.ts': `import 'node:fs';\n`,
      'lib/pcap/other.ts': `export const other = 1;\n`,
      'lib/evidence/types.ts': `export type Evidence = number;\n`,
      'lib/capture/live.ts': `import 'node:child_process';\nexport const live = 1;\n`,
      'lib/judge/reads.ts': `import { readFileSync } from 'node:fs';\nexport const text = readFileSync('x');\n`,
      'lib/topology/impure.ts': `import { live } from '../capture/live.js';\nexport const impure = live;\n`,
      'lib/report/a.ts': `import { b } from './b.js';\nexport const a = () => b;\n`,
      'lib/report/b.ts': `import { a } from './a.js';\nexport const b = () => a;\n`,
      'lib/run/c.ts': `import type { D } from './d.js';\nexport interface C { d: D }\n`,
      'lib/run/d.ts': `import type { C } from './c.js';\nexport interface D { c: C }\n`,
      'lib/report/prints.ts': `import '../cli/main.js';\n`,
      'lib/cli/main.ts': `export const main = 1;\n`,
      'lib/bootstrap/early.mjs': `import '../cli/main.js';\n`,
      'scenarios/deep.spec.ts': `import { live } from '../lib/capture/live.js';\nimport type { Evidence } from '../lib/evidence/types.js';\nexport const deep: Evidence = live;\n`,
      'lib/defaults.ts': `import { rack } from './testbed/rack/rack.js';\nimport { plane } from './dataplane/macvlan/plane.js';\nexport const defaults = [rack, plane];\n`,
      'lib/testbed/rack/rack.ts': `import { part } from './part.js';\nexport const rack = part;\n`,
      'lib/testbed/rack/part.ts': `export const part = 1;\n`,
      'lib/dataplane/macvlan/plane.ts': `import { rack } from '../../testbed/rack/rack.js';\nexport const plane = rack;\n`,
      'lib/trial/names.ts': `import type { plane } from '../dataplane/macvlan/plane.js';\nexport type Names = typeof plane;\n`,
      'lib/trial/names.test.ts': `import '../testbed/rack/rack.js';\n`,
      'lib/ovs/switch.ts': `export const ovs = 1;\n`,
      'lib/leaf/leaves.ts': `import { ovs } from '../ovs/switch.js';\nexport const leaves = ovs;\n`,
      'lib/dataplane/macvlan/leaves.ts': `import { leaves } from '../../leaf/leaves.js';\nexport const four = leaves;\n`,
      'lib/fault/knows.ts': `import { ovs } from '../ovs/switch.js';\nimport { leaves } from '../leaf/leaves.js';\nexport const both = [ovs, leaves];\n`,
      'lib/profile/lost.ts': `import './nowhere.js';\n`,
    }),
  ).toEqual([
    'lib/bootstrap/early.mjs: nothing-needs-the-command-line',
    'lib/bootstrap/early.mjs: set-up-needs-nothing',
    'lib/dataplane/macvlan/plane.ts: a-plane-knows-no-other',
    'lib/fault/knows.ts: data-planes-bring-the-leaves-up',
    'lib/fault/knows.ts: open-vswitch-is-one-of-many',
    'lib/judge/reads.ts: pure-folders-stay-pure',
    'lib/profile/lost.ts: everything-resolves',
    'lib/profile/lost.ts: pure-folders-stay-pure',
    'lib/report/a.ts: no-cycles',
    'lib/report/prints.ts: nothing-needs-the-command-line',
    'lib/run/c.ts: no-cycles',
    'lib/topology/impure.ts: pure-folders-stay-pure',
    'lib/trial/names.test.ts: only-the-defaults-name-a-testbed-or-a-plane',
    'lib/trial/names.ts: only-the-defaults-name-a-testbed-or-a-plane',
    'scenarios/deep.spec.ts: scenarios-speak-fixtures',
  ]);
});
