import { expect, test } from '@playwright/test';
import { DEFAULTS } from '../defaults.js';
import { problemOf } from './requireKnown.js';
import type { ScenarioSetup } from './setup.js';

for (const [what, setup, says] of [
  ['a mutant', { catches: ['offf'] }, 'names the mutant or tamper "offf"; did you mean "off"?'],
  [
    'an effect of a mutant',
    { catches: [], finds: { never: ['missing'] } },
    /^names the mutant or tamper "never"; known: off, /,
  ],
  ['a mode', { catches: [], modes: ['balance-alb'] }, /^names the mode "balance-alb"; /],
  ['a key', { catches: [], catch: ['off'] }, 'has the unknown key "catch"; did you mean "catches"?'],
  ['a value', { catches: 'off' }, 'is not set up: catches: expected array, received string'],
  [
    'a kind of a promise',
    { catches: [], promises: { kind: 'garp', form: 'qinq' } },
    /^is not set up: promises\.kind: .*"garp-reply"/,
  ],
  [
    'a form of a promise',
    { catches: [], promises: { kind: 'garp-reply', form: 'two' } },
    /^is not set up: promises\.form: .*"qinq"/,
  ],
  [
    'a topology',
    { catches: [], topology: 'three-leaf.yaml' },
    'names the topology three-leaf.yaml, which is not in ./own or ./topologies',
  ],
  ['a need', { catches: [], needs: ['lacpp'] }, 'names the need "lacpp"; did you mean "lacp"?'],
  ['a fault', { catches: [], faults: ['unplg'] }, 'names the fault "unplg"; did you mean "unplug"?'],
] as const)
  test(`a scenario that names ${what} that is not there is told`, () => {
    const problem = problemOf(
      setup as unknown as ScenarioSetup,
      DEFAULTS,
      ['./own', './topologies'],
      (name) => name === 'dual-leaf.yaml',
    );
    if (typeof says === 'string') expect(problem).toBe(says);
    else expect(problem).toMatch(says);
  });

test('what is there is not told', () => {
  const setup: ScenarioSetup = {
    catches: ['off'],
    finds: { off: ['missing'] },
    modes: ['balance-tcp'],
    needs: ['lacp'],
    faults: ['unplug'],
    topology: 'dual-leaf.yaml',
  };
  expect(problemOf(setup, DEFAULTS, [], (name) => name === 'dual-leaf.yaml')).toBeNull();
});
