import { existsSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, test as base, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { renderReport } from '../html/renderReport.js';
import type { SampleRun } from './sampleRun.js';

const EXECUTABLE = '/usr/bin/chromium';

export interface OpenedPage {
  readonly page: Page;
  /** Everything that the page asked for, itself included. */
  readonly requests: readonly string[];
  /** Console errors, warnings and exceptions. */
  readonly complaints: readonly string[];
}

interface TestFixtures {
  /** Writes a page to disk and opens it as a reader would. */
  readonly openHtml: (html: string, options?: BrowserContextOptions) => Promise<OpenedPage>;
  readonly openReport: (sample: SampleRun, options?: BrowserContextOptions) => Promise<OpenedPage>;
}

interface WorkerFixtures {
  readonly chromiumBrowser: Browser;
}

/** The samples are the same each time, so each is drawn once per worker. */
const rendered = new Map<string, string>();

/** Tests in a real browser: Debian's Chromium, headless, without a network. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  chromiumBrowser: [
    async ({}, use) => {
      if (!existsSync(EXECUTABLE))
        throw new Error(
          `${EXECUTABLE} is missing: the report is tested in a real browser; install the Debian package "chromium"`,
        );
      const browser = await chromium.launch({
        executablePath: EXECUTABLE,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
      });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  openHtml: async ({ chromiumBrowser }, use, testInfo) => {
    const close: (() => Promise<void>)[] = [];
    await use(async (html, options) => {
      const file = testInfo.outputPath(`page-${String(close.length)}.html`);
      writeFileSync(file, html);
      const context = await chromiumBrowser.newContext({ viewport: { width: 1400, height: 1000 }, ...options });
      close.push(() => context.close());
      const page = await context.newPage();
      const requests: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('crash', () => complaints.push('the page crashed'));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      await page.goto(pathToFileURL(file).href);
      return { page, requests, complaints };
    });
    for (const one of close) await one();
  },
  openReport: async ({ openHtml }, use) => {
    await use((sample, options) => {
      const key = `${sample.run.verdict} ${sample.run.sentence}`;
      const html = rendered.get(key) ?? renderReport(sample.run, sample.details);
      rendered.set(key, html);
      return openHtml(html, options);
    });
  },
});
