import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { fetchSecret, inFolder, type SecretSources } from './secrets.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-secrets-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

const SECRET = 'not-for-your-eyes';

function sources(folder: string, more: Partial<SecretSources> = {}): SecretSources {
  return { folder, environment: {}, ask: null, ...more };
}

/** The message and the hint of what it throws. */
async function refusal(promise: Promise<string>): Promise<string> {
  return promise.then(
    (value) => `gave ${value}`,
    (error: unknown) =>
      error instanceof Error ? `${error.message}; ${String(Reflect.get(error, 'hint'))}` : String(error),
  );
}

test('a secret is had from a variable, a file, a program or a person', async ({ folder }) => {
  const file = join(folder, 'secret');
  writeFileSync(file, `${SECRET}\n`, { mode: 0o600 });
  const asked: string[] = [];
  const all = sources(folder, {
    environment: { FANOUT: SECRET },
    ask: (what) => {
      asked.push(what);
      return Promise.resolve(SECRET);
    },
  });
  for (const reference of [
    { env: 'FANOUT' },
    { file },
    { file: 'secret' },
    { command: ['cat', file] },
    { command: ['printf', SECRET] },
    { ask: true as const },
  ])
    expect(await fetchSecret(reference, 'the secret of fan', all), JSON.stringify(reference)).toBe(SECRET);
  expect(asked).toEqual(['the secret of fan']);
});

test('what cannot be had is told in one sentence, without a part of a secret', async ({ folder }) => {
  const open = join(folder, 'open');
  writeFileSync(open, SECRET);
  const empty = join(folder, 'empty');
  writeFileSync(empty, '\n', { mode: 0o600 });
  const from = sources(folder, { environment: { EMPTY: '' } });
  const of = (reference: Parameters<typeof fetchSecret>[0]): Promise<string> =>
    refusal(fetchSecret(reference, 'the secret of fan', from));
  expect(await of({ env: 'FANOUT' })).toBe(
    'the secret of fan should be in the variable FANOUT, which is not set; set it, and export it',
  );
  expect(await of({ env: 'EMPTY' })).toContain('which is not set');
  for (const mode of [0o644, 0o620, 0o604, 0o660]) {
    chmodSync(open, mode);
    expect(await of({ file: open })).toContain(`may be read by others (mode 0${mode.toString(8)})`);
  }
  chmodSync(open, 0o400);
  expect(await of({ file: open })).toBe(`gave ${SECRET}`);
  expect(await of({ file: empty })).toContain('is empty');
  expect(await of({ file: 'none' })).toContain('there is no such file');
  expect(await of({ ask: true })).toContain('there is no terminal');
  const failing = await of({ command: ['sh', '-c', `echo ${SECRET}; echo ${SECRET} >&2; exit 3`] });
  expect(failing).toBe('sh, which should say the secret of fan, ended with 3; run it by hand to see what it says');
  expect(await of({ command: ['everyleaf-has-no-such-program'] })).toContain('is not there');
  expect(await of({ command: ['true'] })).toContain('said nothing');
});

test('paths of a binding begin beside it, at home, or at the root', () => {
  expect(inFolder('a/b', '/x')).toBe('/x/a/b');
  expect(inFolder('/a', '/x')).toBe('/a');
  expect(inFolder('~/a', '/x')).toBe(join(homedir(), 'a'));
});
