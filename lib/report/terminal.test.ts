import { expect, test } from '@playwright/test';
import { stripVTControlCharacters } from 'node:util';
import { renderTerminal } from './terminal.js';
import { failingRun, hostileRun, inconclusiveRun, passingRun } from './testing/sampleRun.js';

test('verdict, matrix, controls, reasons and the path of the page', () => {
  const { run, details } = failingRun();
  const text = renderTerminal(run, { color: false, width: 120, report: 'reports/out/x/index.html', details });
  expect(text).toContain('✗ fail: Only 40 of 492 neighbor frames reached every leaf');
  expect(text).toMatch(/^garp-request +✗ 12\/24 missing +✗ 12\/24 missing/m);
  expect(text).toContain('leg-a unplugged');
  expect(text).toContain('Controls: 5/6 mutants and 1/1 tamper caught');
  expect(text).toMatch(/^stale-liveness .*✗ SURVIVED$/m);
  expect(text).toMatch(/^group-and-normal .* duplicate$/m);
  expect(text).toContain('  - leaf-a: never saw 12 of 12');
  expect(text.trimEnd().endsWith('report: reports/out/x/index.html')).toBe(true);
});

test('piped text is plain; colour adds nothing but colour', () => {
  const { run, details } = inconclusiveRun();
  const plain = renderTerminal(run, { color: false, width: 100, details });
  const colored = renderTerminal(run, { color: true, width: 100, details });
  expect(plain).not.toContain('\u001b');
  expect(colored).toContain('\u001b[33m? inconclusive: \u001b[39m');
  expect(stripVTControlCharacters(colored).replaceAll(/ +$/gm, '')).toBe(plain);
});

test('planes go below each other where the terminal is narrow', () => {
  const { run } = failingRun('full');
  const lines = renderTerminal(run, { color: false, width: 80 }).split('\n');
  expect(lines.filter((line) => line.startsWith('kind')).length).toBeGreaterThan(1);
  expect(lines.filter((line) => /^(?:kind|arp|garp|ns-|na-|data)/.test(line)).every((line) => line.length <= 80)).toBe(
    true,
  );
  expect(
    renderTerminal(run, { color: false, width: 200 })
      .split('\n')
      .filter((line) => line.startsWith('kind')),
  ).toHaveLength(1);
});

test('a name cannot move the cursor', () => {
  const { run } = hostileRun();
  const hostile = { ...run, sentence: 'a\u001b[2Jb\u0007c\rd\u009b1A' };
  expect(renderTerminal(hostile, { color: false, width: 80 })).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  const colored = renderTerminal(hostile, { color: true, width: 80 });
  expect(colored.replaceAll(/\u001b\[\d+m/g, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('many reasons are cut, and that is said', () => {
  const { run } = passingRun();
  const text = renderTerminal(
    { ...run, reasons: Array.from({ length: 40 }, (_, index) => `reason ${String(index)}`) },
    { color: false, width: 80, maxReasons: 3 },
  );
  expect(text).toContain('- 37 more reasons in the report');
  expect(text).not.toContain('reason 3\n');
});
