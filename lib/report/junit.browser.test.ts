import { expect } from '@playwright/test';
import { renderJunit } from './junit.js';
import { test } from './testing/chromium.js';
import { failingRun, hostileRun } from './testing/sampleRun.js';

/** An independent XML parser, strict: the one of a browser. */
const PARSE = `(xml) => {
  const parsed = new DOMParser().parseFromString(xml, 'application/xml');
  const cases = [...parsed.querySelectorAll('testcase')];
  return {
    error: parsed.querySelector('parsererror')?.textContent ?? null,
    cases: cases.length,
    declared: Number(parsed.documentElement.getAttribute('tests')),
    perSuite: [...parsed.querySelectorAll('testsuite')].every((suite) => suite.querySelectorAll('testcase').length === Number(suite.getAttribute('tests')) && suite.querySelectorAll('failure').length === Number(suite.getAttribute('failures')) && suite.querySelectorAll('error').length === Number(suite.getAttribute('errors'))),
    names: cases.map((one) => one.getAttribute('name')),
  };
}`;

interface Parsed {
  readonly error: string | null;
  readonly cases: number;
  readonly declared: number;
  readonly perSuite: boolean;
  readonly names: readonly string[];
}

test('an XML parser reads JUnit as it was meant, whatever names say', async ({ openHtml }) => {
  const { page } = await openHtml('<!doctype html><title>xml</title>');
  for (const { run } of [failingRun(), hostileRun()]) {
    const hostile = { ...run, sentence: `${run.sentence} ]]> \u0000 \u001b "'&` };
    const parsed = await page.evaluate<Parsed>(`(${PARSE})(${JSON.stringify(renderJunit(hostile))})`);
    expect(parsed.error).toBeNull();
    expect(parsed.cases).toBe(parsed.declared);
    expect(parsed.perSuite).toBe(true);
    expect(parsed.names[0]).toBe(`${run.sentence} ]]> \ufffd \ufffd "'&`);
  }
});
