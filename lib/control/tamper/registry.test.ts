import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../../defaults.js';
import { SIGNATURES } from '../../judge/tell/claims.js';
import type { Signature } from '../../judge/types.js';
import { TAMPERS } from './registry.js';

/** Ways to fail, and what else the judge can say, that no tamper is asked for; each with the reason. */
const NO_TAMPER: Readonly<Partial<Record<Signature, string>>> = {
  'table-lost': 'an effect of missing replies over ageing periods: the scenario of ageing tables demands it of mutants',
  'route-missing': 'an effect of a lost entry at a routing leaf: the scenario of the fabric demands it of a mutant',
  'traffic-lost': 'an effect of a withdrawn route on a client: the scenario of the fabric demands it of a mutant',
  'damaged-capture': 'says that a capture proves nothing: no verdict on frames',
  drops: 'says that a capture or a switch lost frames: no verdict on them',
  'no-cpu': 'says that the machine was too busy: no verdict on late frames',
  'no-proof-of-life': 'says that a capture proves nothing: no verdict on frames',
  'all-in-band': 'says that nothing was judged',
  'nothing-judged': 'says that nothing was judged',
  'table-not-aged': 'says that a stimulus did not work',
  blocked: 'says that something broke before frames were sent',
  audit: 'the configuration of the bond, which no frame on a wire changes',
  'table-kept': 'a note',
  traffic: 'a note',
  'second-host': 'a note',
  unasked: 'a note',
};

test('each way to fail is demanded of a tamper, or it is said why none on a wire can show it', () => {
  const demanded = new Set(TAMPERS.flatMap(({ mustFind }) => mustFind));
  expect(SIGNATURES.filter((one) => !demanded.has(one) && NO_TAMPER[one] === undefined)).toEqual([]);
  expect(SIGNATURES.filter((one) => demanded.has(one) && NO_TAMPER[one] !== undefined)).toEqual([]);
});

test('mutants and tampers have no name in common, and none has two', () => {
  const names = [...DEFAULTS.mutants, ...DEFAULTS.tampers].map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
