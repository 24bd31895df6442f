import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@playwright/test';
import { execa } from 'execa';

import { buildProblem, provideBuild } from './build.mjs';
import { dependenciesProblem, headersFor, provideDependencies } from './dependencies.mjs';
import { sayTo } from './say.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let said = '';
test.beforeEach(() => {
  said = '';
  sayTo((text) => {
    said += text;
  });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** A project with one dependency, and an `npm` that installs it the way npm does. */
async function project(root: string): Promise<NodeJS.ProcessEnv> {
  const lock = (version: string): string =>
    JSON.stringify({
      packages: { '': {}, 'node_modules/left': { version }, 'node_modules/rare': { version, optional: true } },
    });
  await write(join(root, 'package-lock.json'), lock('1.0.0'));
  await write(
    join(root, 'bin/npm'),
    `#!/bin/sh
echo "$*" >>npm-calls
[ ! -e npm-fails ] || exit 1
rm -rf node_modules; mkdir -p node_modules/left; echo '{}' >node_modules/left/package.json
[ -e npm-is-interrupted ] || cp package-lock.json node_modules/.package-lock.json
`,
  );
  await execa('chmod', ['755', join(root, 'bin/npm')]);
  return { ...process.env, PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}` };
}

test.describe('dependencies', () => {
  // Inside `npm test` the real npm would be taken.
  test.beforeEach(() => {
    delete process.env['npm_execpath'];
  });

  test('installed once, then left alone; again when the lock file changes or the folder is damaged', async ({}, info) => {
    const root = info.outputDir;
    const env = await project(root);
    expect(dependenciesProblem(root)).toBe('node_modules is not there yet');
    await provideDependencies(root, env);
    await provideDependencies(root, env);
    expect(said).toBe('everyleaf: node_modules is not there yet: running npm ci\n');
    expect(dependenciesProblem(root)).toBeNull();

    await rm(join(root, 'node_modules/left'), { recursive: true });
    expect(dependenciesProblem(root)).toBe('node_modules is damaged: node_modules/left is gone');
    await provideDependencies(root, env);
    expect(dependenciesProblem(root)).toBeNull();

    await write(
      join(root, 'package-lock.json'),
      JSON.stringify({ packages: { '': {}, 'node_modules/left': { version: '2.0.0' } } }),
    );
    expect(dependenciesProblem(root)).toBe('node_modules does not match package-lock.json (left differs)');
  });

  test("an interrupted install is seen and redone; a person's own npm ci is accepted", async ({}, info) => {
    const root = info.outputDir;
    const env = await project(root);
    await write(join(root, 'npm-is-interrupted'), '');
    await expect(provideDependencies(root, env)).rejects.toThrow(
      'node_modules is incomplete: an earlier install was interrupted',
    );
    await rm(join(root, 'npm-is-interrupted'));
    await execa('npm', ['ci'], { cwd: root, env });
    expect(dependenciesProblem(root)).toBeNull();
  });

  test('headers that lie beside a Node are used, and only those', async ({}, info) => {
    const node = info.outputPath('bin/node');
    expect(headersFor(node)).toEqual({});
    await write(info.outputPath('include/node/node.h'), '');
    expect(headersFor(node)).toEqual({ npm_package_config_node_gyp_nodedir: info.outputDir });
  });

  test('a failed npm ci ends set-up with 69', async ({}, info) => {
    const env = await project(info.outputDir);
    await write(info.outputPath('npm-fails'), '');
    await expect(provideDependencies(info.outputDir, env)).rejects.toMatchObject({ exitCode: 69 });
  });
});

test('the build follows the sources: changed, added, removed; and a removed output comes back', async ({}, info) => {
  const root = info.outputDir;
  const out = (name: string): string => join(root, 'dist/lib', name);
  await mkdir(root, { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  await write(join(root, 'package.json'), '{"type":"module"}');
  await write(
    join(root, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        outDir: 'dist',
        rootDir: '.',
        incremental: true,
        types: [],
        module: 'NodeNext',
        skipLibCheck: true,
        noLib: false,
        lib: ['ES2023'],
      },
      include: ['lib'],
    }),
  );
  await write(join(root, 'lib/a.ts'), 'export const a = 1;\n');
  await write(join(root, 'lib/old.ts'), 'export const old = 1;\n');
  expect(buildProblem(root)).toBe('not built yet');
  await provideBuild(root, process.env);
  expect(buildProblem(root)).toBeNull();

  await write(join(root, 'lib/a.ts'), 'export const a = 22;\n');
  await rm(join(root, 'lib/old.ts'));
  expect(buildProblem(root)).toBe('sources have changed');
  await provideBuild(root, process.env);
  expect(
    (await execa(process.execPath, ['-p', `require("fs").readFileSync("${out('a.js')}", "utf8")`])).stdout,
  ).toContain('22');
  expect(existsSync(out('old.js'))).toBe(false);

  await rm(out('a.js'));
  expect(buildProblem(root)).toBe('dist/lib/a.js is gone');
  await provideBuild(root, process.env);
  expect(buildProblem(root)).toBeNull();

  await write(join(root, 'lib/a.ts'), 'export const a: string = 1;\n');
  // In a process of its own: what the compiler says goes to the terminal, and would look like this
  // test's own.
  const build = `import { provideBuild } from '${new URL('./build.mjs', import.meta.url).href}';
    await provideBuild(${JSON.stringify(root)}, process.env).catch((error) => { process.exitCode = error.exitCode; });`;
  const wrong = await execa(process.execPath, ['--input-type=module', '-e', build], { reject: false });
  expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
  expect(wrong.stderr).toContain('lib/a.ts');
  expect(buildProblem(root)).toBe('not built yet');
});

test('signals reach the child and its exit code comes back; killed, it takes the child along', async () => {
  const runChild = new URL('./runChild.mjs', import.meta.url).href;
  const parent = (script: string): string => `
    import { runChild } from '${runChild}';
    process.exitCode = await runChild('sh', ['-c', ${JSON.stringify(script)}], { env: process.env, stdio: 'inherit' });`;
  const start = (script: string) =>
    spawn(process.execPath, ['--input-type=module', '-e', parent(script)], { stdio: ['ignore', 'pipe', 'inherit'] });

  const asked = start(`trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done`);
  await once(asked.stdout, 'data');
  asked.kill('SIGTERM');
  expect(await once(asked, 'exit')).toEqual([7, null]);

  const killed = start('echo ready; exec sleep 60');
  await once(killed.stdout, 'data');
  killed.kill('SIGKILL');
  // The child holds the other end of this pipe: it closes when the child, too, is gone, and not before.
  await once(killed.stdout, 'close');
});

test('what cannot be done is said on stderr, with nothing on stdout', async () => {
  const result = await execa(process.execPath, [join(ROOT, 'lib/bootstrap/bootstrap.mjs'), 'fly'], { reject: false });
  expect(result).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: 'everyleaf: usage: node lib/bootstrap/bootstrap.mjs start|test|bench|fuzz|build|set-up [arguments]',
  });
});
