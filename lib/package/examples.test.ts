import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PACKAGE_ROOT } from '../packageRoot.js';
import { codeBlocks } from './testing/codeBlocks.js';

const DOCS = join(PACKAGE_ROOT, 'docs');
const PAGE = readFileSync(join(DOCS, 'extending.md'), 'utf8');
/** Lines that fit on a page. */
const PAGE_MAX = 80;

test('what the page shows as a file is that file, and all of it fits on a page', () => {
  const shown = codeBlocks(PAGE).filter(({ file }) => file !== null);
  for (const { file, text } of shown) {
    expect(text, file ?? '').toBe(readFileSync(join(DOCS, file ?? ''), 'utf8'));
    expect(text.split('\n').length, file ?? '').toBeLessThanOrEqual(PAGE_MAX);
  }
  const ours = readdirSync(join(DOCS, 'examples/ours'), { recursive: true, encoding: 'utf8' });
  expect(shown.map(({ file }) => file?.replace('examples/ours/', '')).sort()).toEqual(
    ours.filter((file) => file.endsWith('.ts')).sort(),
  );
});

test('there is an example of everything that a config can bring', () => {
  for (const heading of ['scenario', 'replicator', 'profile', 'tamper', 'fault', 'data plane', 'testbed'])
    expect(PAGE, heading).toMatch(new RegExp(`^## A ${heading}`, 'm'));
});
