import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { pageFolder } from '../html/pageAssets.js';

const checks = readFileSync(join(pageFolder(), 'testing', 'checks.js'), 'utf8');

/** Texts whose contrast is below WCAG 2.1 AA; each as `ratio text`. */
export async function poorContrast(page: Page): Promise<readonly string[]> {
  return await run<readonly string[]>(page, 'poorContrast()');
}

/** Problems with headings, names, scopes, ids and links for a user with a screen reader or without a mouse. */
export async function structureProblems(page: Page): Promise<readonly string[]> {
  return await run<readonly string[]>(page, 'structureProblems()');
}

export interface PageLook {
  readonly color: string;
  readonly background: string;
  /** px that the document takes; more than the window means that the page scrolls sideways. */
  readonly width: number;
}

export async function pageLook(page: Page): Promise<PageLook> {
  return await run<PageLook>(page, 'pageLook()');
}

async function run<T>(page: Page, call: string): Promise<T> {
  return await page.evaluate<T>(`(() => { ${checks}\nreturn ${call}; })()`);
}
