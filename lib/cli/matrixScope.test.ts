import { expect, test } from '@playwright/test';
import { refuseWithMatrix } from './matrix.js';
import { matrixScope, scopeText } from './matrixScope.js';

test('without a word, a few scenarios are tried; what is asked for is tried as it is asked for, and the page says which', () => {
  const builtIn = { builtInScenarios: true } as const;
  const usual = matrixScope({}, builtIn);
  expect(usual.scenario?.length).toBeGreaterThan(0);
  expect(scopeText({}, usual, 'tampers')).toMatch(/a few scenarios that tell soon, not all of them; controls: tampers/);
  for (const asked of [{ scenario: ['dad'] }, { suite: ['faults'] }, { all: true as const }])
    expect(matrixScope(asked, builtIn)).toBe(asked);
  expect(scopeText({ suite: ['x'] }, { suite: ['x'] }, 'none')).toContain('the suites x; controls: none');
  expect(scopeText({ scenario: ['y'] }, { scenario: ['y'] }, 'none')).toContain('whose title contains "y"');
  expect(scopeText({ all: true }, { all: true }, 'none')).toContain('all scenarios');
});

test('a config that leaves the built-in scenarios out has its own ones tried', () => {
  expect(matrixScope({}, { builtInScenarios: false })).toEqual({});
  expect(matrixScope({}, { builtInScenarios: ['faults'] })).toEqual({});
  expect(matrixScope({}, { builtInScenarios: ['replication'] }).scenario).toBeDefined();
});

test('options that say nothing about a matrix are refused by name', () => {
  expect(() => refuseWithMatrix(['matrix', 'shard', 'json', 'binding'])).toThrow(
    '--matrix does not go with --shard, --binding',
  );
  expect(() => refuseWithMatrix(['matrix', 'dataPlane', 'mode', 'out', 'workers'])).not.toThrow();
});
