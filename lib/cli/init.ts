import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { BUILT_IN_TOPOLOGIES } from '../builtIn.js';
import { CONFIG_NAMES } from '../run/loadConfig.js';
import { UserError } from '../userError.js';
import { cannotWrite } from './cannotWrite.js';
import { print } from './terminal.js';

const CONFIG = `import { defineConfig } from 'everyleaf';

// Paths are relative to this file. Your own replicators, data planes, faults and profiles belong here, too:
// node_modules/everyleaf/docs/extending.md has an example of each.
export default defineConfig({
  scenarios: './scenarios',
  topologies: './topologies',
  out: './reports',
});
`;

const SCENARIO = `import { ARP_KINDS, expect, ND_KINDS, scenario } from 'everyleaf';

// It runs in every variant of the data plane, and against each control in \`catches\`, which it must notice.
scenario(
  'every neighbor frame of the host and its VMs reaches every leaf',
  { catches: ['off'] },
  async (trial) => {
    const probes = await trial.send([...ARP_KINDS, ...ND_KINDS], { from: ['host', 'vm1', 'vm2'] });
    const verdict = await trial.judge();
    expect(verdict.of(probes, 'neighbor frames')).toReachEveryLeafOnce();
  },
);
`;

/** What `init` writes, by path. */
async function firstFiles(): Promise<Readonly<Record<string, string>>> {
  const topology = await readFile(join(BUILT_IN_TOPOLOGIES, 'dual-leaf.yaml'), 'utf8');
  return {
    'everyleaf.config.ts': CONFIG,
    'scenarios/neighbors.spec.ts': SCENARIO,
    'topologies/dual-leaf.yaml': topology.replace(
      '$schema=./topology.schema.json',
      '$schema=../node_modules/everyleaf/topologies/topology.schema.json',
    ),
  };
}

/** Adds `init`: writes the files to start your own scenarios from. */
export function registerInit(program: Command): void {
  program
    .command('init')
    .description('write a config, a scenario and a topology of your own into this folder')
    .action(async () => {
      const files = await firstFiles();
      const there = [...CONFIG_NAMES, ...Object.keys(files)].find((file) => existsSync(file));
      if (there !== undefined)
        throw new UserError(`${there} is there already; nothing was written`, 'run init in a folder without it');
      for (const [file, text] of Object.entries(files)) {
        try {
          await mkdir(dirname(file), { recursive: true });
          await writeFile(file, text, { flag: 'wx' });
        } catch (error) {
          throw cannotWrite(file, error);
        }
      }
      await print(`wrote ${Object.keys(files).join(', ')}\nnext: npx everyleaf run`);
    });
}
