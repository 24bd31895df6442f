import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { mutantNamed, tamperNamed } from '../registries.js';
import { STAND_INS, standInsFor } from './standIns.js';

test('a tamper stands in only for a mutant of which the same is found', () => {
  for (const [mutant, tampers] of Object.entries(STAND_INS)) {
    const { mustFind: mustShow } = mutantNamed(mutant, DEFAULTS);
    for (const tamper of tampers) {
      const { mustFind } = tamperNamed(tamper, DEFAULTS);
      expect(
        mustFind.some((signature) => mustShow.includes(signature)),
        `${tamper} for ${mutant}`,
      ).toBe(true);
    }
  }
});

test('and only where the scenario catches it', () => {
  expect(standInsFor('arp-only', ['arp-only', 'lose-nd'])).toEqual(['lose-nd']);
  expect(standInsFor('arp-only', ['arp-only', 'double'])).toEqual([]);
  expect(standInsFor('gateway-only', ['gateway-only', 'lose-on-one-leg'])).toEqual([]);
});
