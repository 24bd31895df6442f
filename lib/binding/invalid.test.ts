import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { loadBinding } from './load.js';
import { BindingError } from './parse.js';

const FOLDER = join('topologies', 'bindings', 'invalid');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

async function errorOf(name: string): Promise<BindingError> {
  const error = await loadBinding(join(FOLDER, name), DEFAULTS.dataPlanes).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof BindingError) return error;
  throw error instanceof Error ? error : new Error(`${name} was accepted`);
}

for (const name of files)
  test(`the binding ${basename(name, '.yaml')} is refused with its exact text`, async () => {
    const { message, exitCode } = await errorOf(name);
    expect(exitCode).toBe(2);
    expect(`${message.replaceAll(`${FOLDER}/`, '')}\n`).toBe(
      readFileSync(join(FOLDER, name.replace(/yaml$/, 'error.txt')), 'utf8'),
    );
  });

test('every expected text of a binding has its file', () => {
  const texts = readdirSync(FOLDER).filter((name) => name.endsWith('.error.txt'));
  expect(texts.map((name) => name.replace('.error.txt', '.yaml'))).toEqual(files);
  expect(files.length).toBeGreaterThan(15);
});

test('what stands where a secret belongs is in no message', async () => {
  for (const [name, secret] of [
    ['secret-written-out.yaml', 'not-for-your-eyes'],
    ['password-written-out.yaml', '4711'],
  ] as const) {
    expect(readFileSync(join(FOLDER, name), 'utf8')).toContain(secret);
    const { message, problems } = await errorOf(name);
    expect(message + JSON.stringify(problems)).not.toContain(secret);
  }
});
