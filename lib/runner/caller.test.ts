import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { callerOf, type Place } from './caller.js';

function declared(): Place {
  return callerOf(declared);
}

test('the caller is the code that called the function, not the function itself', () => {
  expect(declared()).toEqual({ file: import.meta.filename, line: 11 });
  const inside = () => declared();
  expect(inside()).toEqual({ file: import.meta.filename, line: 12 });
});

test('a path with a space is a path', ({}, info) => {
  const folder = info.outputPath('two words');
  mkdirSync(folder, { recursive: true });
  const script = `import { callerOf } from '${new URL('./caller.ts', import.meta.url).href}';`;
  for (const [name, ask] of [
    ['module.mjs', `${script.replace('/lib/runner/caller.ts', '/dist/lib/runner/caller.js')}\n`],
    ['script.cjs', ''],
  ] as const) {
    const file = `${folder}/${name}`;
    const ours = new URL('../../dist/lib/runner/caller.js', import.meta.url).pathname;
    const load = ask === '' ? `const { callerOf } = require(${JSON.stringify(ours)});\n` : ask;
    writeFileSync(
      file,
      `${load}function declared() { return callerOf(declared); }\nconsole.log(JSON.stringify(\n  declared()));\n`,
    );
    expect(JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }))).toEqual({ file, line: 4 });
  }
});
