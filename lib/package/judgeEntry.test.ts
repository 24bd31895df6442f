import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { importGraph } from './testing/importGraph.js';

/** Names that Node has and a page has not. */
const NODE_GLOBALS = /\b(process|Buffer|require|__dirname|__filename|setImmediate|global)\s*[.([]/;

test('a page can import the judge: it needs neither Node nor a package', () => {
  const { files, others } = importGraph(join(PACKAGE_ROOT, 'dist/lib/judgeEntry.js'));
  expect(files.length).toBeGreaterThan(50);
  expect(files).toContain(join(PACKAGE_ROOT, 'dist/lib/judge/captures/judgeFeeds.js'));
  expect(others).toEqual([]);
  const code = (file: string) => readFileSync(file, 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*|`[^`]*`|'[^'\n]*'/g, '');
  expect(files.filter((file) => NODE_GLOBALS.test(code(file)))).toEqual([]);
});

test('what a door needs of Node is seen', () => {
  const { others } = importGraph(join(PACKAGE_ROOT, 'dist/lib/extend.js'));
  expect(others.map((line) => line.replace(/^.*: /, ''))).toEqual(
    expect.arrayContaining(['node:timers/promises', 'zod']),
  );
});
