import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { runProgram } from '../runProgram.js';
import { installIn, packProduct } from './testing/tarball.js';
import { test } from './testing/temporary.js';

/** Bytes; more would be something that nobody needs who uses the package. */
const SIZE_MAX = 700_000;

test('the package holds what is used of it, and no tests', async ({ folder }) => {
  const { files, size } = await packProduct(folder);
  const folders = new Set(
    files.map((file) =>
      file
        .split('/')
        .slice(0, file.startsWith('dist/') ? 2 : 1)
        .join('/'),
    ),
  );
  expect([...folders].sort()).toEqual([
    'LICENSE',
    'README.md',
    'dist/lib',
    'dist/playwright.config.js',
    'dist/scenarios',
    'docs',
    'lib',
    'package.json',
    'reports',
    'topologies',
  ]);
  expect(files.filter((file) => /\.test\.|\/testing\/|^bench|invalid|\.map$|\.tsbuildinfo$/.test(file))).toEqual([]);
  expect(files).toContain('dist/scenarios/replication/arp.spec.js');
  expect(files).toContain('topologies/dual-leaf.yaml');
  expect(files).toContain('lib/bootstrap/everyleaf.mjs');
  expect(size).toBeLessThan(SIZE_MAX);
});

test('a folder that has only the tarball has the command, and a door to import', async ({ folder }) => {
  const installed = await installIn(folder, await packProduct(join(folder, 'pack')));
  for (const never of ['typescript', 'allure', 'raw-socket', 'execa', 'eslint']) expect(installed).not.toContain(never);
  expect(installed).toContain('@playwright/test');
  expect(installed.length).toBeLessThan(20);
  const manifest = JSON.parse(await readFile(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string };
  const inFolder = { cwd: folder };
  expect(await runProgram('npx', ['everyleaf', '--version'], inFolder)).toEqual({
    code: 0,
    stdout: `${manifest.version}\n`,
    stderr: '',
  });
  const allure = await runProgram('npx', ['everyleaf', 'run', '--allure'], inFolder);
  expect(allure).toMatchObject({ code: 69, stdout: '' });
  expect(allure.stderr).toContain('npm install --save-dev allure allure-playwright');
  const script = "console.log(Object.keys(await import('everyleaf')).sort().join(' '))";
  const { stdout } = await runProgram(process.execPath, ['--input-type=module', '-e', script], inFolder);
  expect(stdout.trim().split(' ')).toEqual(expect.arrayContaining(['expect', 'scenario']));
});
