import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { zipSync } from 'fflate';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { runCommandLine } from './program.js';
import { makeSigner } from '../qualification/testing/signer.js';

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyleaf-qualify-test-'));
  makeSigner(folder, 'key');
  for (const run of ['run', 'good']) {
    mkdirSync(join(folder, run));
    writeFileSync(join(folder, run, 'plan.json'), '{}');
  }
  writeFileSync(join(folder, 'r.yaml'), '- {id: A, text: t, scenarios: [s]}\n');
  writeFileSync(join(folder, 'w.yaml'), '- {test: t}\n');
  mkdirSync(join(folder, 'unpacked'));
  writeFileSync(join(folder, 'unpacked/signers'), '');
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const everyleaf = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), ...args], { encoding: 'utf8', cwd: folder });

/** In this process, with paths in the folder, and what was said without it. */
async function said(args: readonly string[]): Promise<{ readonly status: number; readonly stderr: string }> {
  let stderr = '';
  const there = /^(run|good|unpacked|key|.*\.(yaml|zip|signers)|none|unpacked\/signers)$/;
  const status = await runCommandLine(
    args.map((word, i) => (i > 0 && there.test(word) ? join(folder, word) : word)),
    { write: (text) => (stderr += text) },
  );
  return { status, stderr: stderr.replaceAll(`${folder}/`, '') };
}

test('bad input is one sentence and exit 2, and no bundle is written', async () => {
  const qualify = ['qualify', 'run', '--requirements', 'r.yaml', '--sign', 'key', '--out', 'a.zip'];
  const before = readdirSync(folder);
  for (const [args, due] of [
    [[...qualify, '--requirements', 'none.yaml'], 'requirements none.yaml: there is no such file'],
    [[...qualify, '--waivers', 'w.yaml'], 'w.yaml:1:3: '],
    [[...qualify, '--sign', 'none'], 'none: there is no such key'],
    [[...qualify, '--baseline', 'none.zip'], 'none.zip: no such file or folder'],
    [[...qualify.map((word) => (word === 'run' ? 'good' : word)), '--baseline', 'r.yaml'], 'r.yaml is no bundle: '],
    [[...qualify, '--out', 'r.yaml'], 'r.yaml is there already'],
    [[...qualify, 'unpacked'], 'unpacked is no run: it has no plan.json'],
    [['verify', 'none.zip', '--signers', 'key.signers'], 'none.zip: no such file or folder'],
    [['verify', 'r.yaml', '--signers', 'none'], 'signers none: there is no such file'],
    [['verify', 'unpacked', '--signers', 'unpacked/signers'], 'unpacked/signers came with the bundle'],
  ] as const) {
    const { status, stderr } = await said(args);
    expect(status, stderr).toBe(2);
    expect(stderr).toContain(due);
  }
  expect(readdirSync(folder)).toEqual(before);
});

test('what is no bundle is not qualified', () => {
  const { status, stdout } = everyleaf('verify', 'r.yaml', '--signers', 'key.signers', '--json');
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'not qualified', principal: null, exitCode: 1 });
});

test('a zip that leads out of its folder is refused with its path, and nothing is written anywhere', () => {
  writeFileSync(join(folder, 'evil.zip'), zipSync({ '../everyleaf-was-here': Buffer.from('x') }, { level: 0 }));
  const before = readdirSync(folder);
  const { status, stdout } = everyleaf('verify', 'evil.zip', '--signers', 'key.signers');
  expect(status).toBe(1);
  expect(stdout).toContain('"../everyleaf-was-here" may not be in a bundle: it leads out of its folder');
  expect(readdirSync(folder)).toEqual(before);
  expect(existsSync(join(folder, '../everyleaf-was-here'))).toBe(false);
});
