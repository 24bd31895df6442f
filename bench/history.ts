import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';
import { compareNight } from '../lib/nightly/compare.js';
import { historyFile, readHistory } from '../lib/nightly/historyFile.js';
import { renderHistory } from '../lib/nightly/historyPage.js';
import { nightLine } from '../lib/nightly/night.js';
import { yearOfNights } from '../lib/nightly/testing/year.js';
import { median, ms } from './statistics.js';
import type { Bench } from './types.js';

const EXECUTABLE = '/usr/bin/chromium';

/** In a page: when the first frame after everything was laid out has been drawn, ms since the navigation began. */
const DRAWN = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))`;

/** A year of 200 tests: read, compared, and drawn by a browser. */
export const historyBench: Bench = {
  name: 'history',
  title: 'a history of 365 nights of 200 tests',
  async run({ progress, pairs }) {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-history-bench-'));
    const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      const file = historyFile(folder, 'year');
      writeFileSync(file, yearOfNights().map(nightLine).join(''));
      const htmlFile = join(folder, 'history.html');
      const own: number[] = [];
      const drawn: number[] = [];
      for (let round = 0; round < pairs; round++) {
        progress(`round ${round + 1} of ${pairs}`);
        const started = performance.now();
        const { nights } = readHistory(file);
        const night = nights.at(-1);
        if (night === undefined) throw new Error('the history is empty');
        const asked = { nights: nights.slice(0, -1), night, known: [], place: 'year', today: night.at.slice(0, 10) };
        writeFileSync(htmlFile, renderHistory('year', nights, compareNight(asked)));
        own.push(performance.now() - started);
        const page = await browser.newPage();
        await page.goto(pathToFileURL(htmlFile).href);
        drawn.push(await page.evaluate<number>(DRAWN));
        await page.close();
      }
      return [
        {
          title: `medians of ${pairs}`,
          rows: [
            { what: 'read, compared, and written as a page', figure: ms(median(own)), target: '<= 2000 ms' },
            { what: 'drawn by Chromium', figure: ms(median(drawn)), target: '<= 2000 ms' },
            { what: 'the page', figure: `${(statSync(htmlFile).size / 1e6).toFixed(2)} MB`, target: '<= 5 MB' },
            { what: 'the history', figure: `${(statSync(file).size / 1e6).toFixed(2)} MB`, target: '' },
          ],
        },
      ];
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
