import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { importGraph } from './testing/importGraph.js';

/** Names that Node has and a page has not. */
const NODE_GLOBALS = /\b(process|Buffer|require|__dirname|__filename|setImmediate|global)\s*[.([]/;

/** Packages that need nothing of Node, so that a bundler can bring them into a page. */
const FOR_PAGES: readonly string[] = ['ipaddr.js'];

test('a page can import the judge: it needs nothing of Node, and no package that does', () => {
  const { files, others } = importGraph(join(PACKAGE_ROOT, 'dist/lib/judgeEntry.js'));
  expect(files.length).toBeGreaterThan(50);
  expect(files).toContain(join(PACKAGE_ROOT, 'dist/lib/judge/captures/judgeFeeds.js'));
  expect(others.filter((line) => !FOR_PAGES.some((name) => line.endsWith(`: ${name}`)))).toEqual([]);
  const code = (file: string) => readFileSync(file, 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*|`[^`]*`|'[^'\n]*'/g, '');
  const { resolve } = createRequire(import.meta.url);
  const all = [...files, ...FOR_PAGES.map((name) => resolve(name))];
  expect(all.filter((file) => NODE_GLOBALS.test(code(file)))).toEqual([]);
});

test('what a door needs of Node is seen', () => {
  const { others } = importGraph(join(PACKAGE_ROOT, 'dist/lib/extend.js'));
  expect(others.map((line) => line.replace(/^.*: /, ''))).toEqual(
    expect.arrayContaining(['node:timers/promises', 'zod']),
  );
});
