import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { DEFAULTS } from '../../defaults.js';
import { profileNamed } from '../../profile/registry.js';
import { ReplicatorFileError } from '../error.js';
import { parseCommand } from './parse.js';

const profileOf = (name: string) => profileNamed(name, DEFAULTS.profiles);

const GOOD = `name: ours
description: Ours.
profile: ovs-group
argv: [./ours, --fast]
readyLine: ^ready
`;

function problems(text: string): string {
  try {
    parseCommand(text, 'ours.yaml', profileOf);
  } catch (error) {
    if (!(error instanceof ReplicatorFileError)) throw error;
    return error.message;
  }
  return 'no problem';
}

test('what may be left out has its default', () => {
  const { profile, ...rest } = parseCommand(GOOD, 'ours.yaml', profileOf);
  expect(profile.name).toBe('ovs-group');
  expect(rest).toEqual({
    name: 'ours',
    description: 'Ours.',
    argv: ['./ours', '--fast'],
    readyLine: '^ready',
    stopSignal: 'SIGTERM',
    settleMs: 0,
    environment: {},
    audit: [],
  });
});

test('everything that is written is read', () => {
  const all = parseCommand(
    `${GOOD}stopSignal: SIGINT\nsettleMs: 1500\nenvironment: { LEVEL: "3" }\naudit:\n  - { name: on, argv: [ours, show], expect: "state: on" }\n`,
    'ours.yaml',
    profileOf,
  );
  expect(all).toMatchObject({
    stopSignal: 'SIGINT',
    settleMs: 1_500,
    environment: { LEVEL: '3' },
    audit: [{ name: 'on', argv: ['ours', 'show'], expect: 'state: on' }],
  });
});

for (const [what, text, said] of [
  ['nothing', '', 'ours.yaml:1:1: the file holds no replicator; start from docs/examples/replicator/ovs-flows.yaml'],
  ['a list', '- a\n', 'ours.yaml:1:1: the replicator is a list, not a map; write a map'],
  ['broken YAML', `${GOOD}environment: {\n`, /^ours\.yaml:\d+:\d+: not YAML: .+; .+$/],
  [
    'two documents',
    `${GOOD}---\n${GOOD}`,
    'ours.yaml:6:1: a second document begins here; one file holds one replicator',
  ],
  [
    'an unknown key',
    GOOD.replace('readyLine', 'readyline'),
    'ours.yaml:5:1: unknown key "readyline"; did you mean "readyLine"?',
  ],
  ['a missing key', GOOD.replace(/readyLine.*\n/, ''), 'ours.yaml:1:1: "readyLine" is missing; add readyLine: a text'],
  [
    'a command line in one text',
    GOOD.replace('[./ours, --fast]', './ours --fast'),
    'ours.yaml:4:7: argv is the text "./ours --fast", not a list; write a list',
  ],
  ['an empty command', GOOD.replace('[./ours, --fast]', '[]'), 'ours.yaml:4:7: argv has fewer than 1 entry; add to it'],
  [
    'a nameless program',
    GOOD.replace('./ours,', '"",'),
    'ours.yaml:4:7: argv is not valid: it names no program; correct it',
  ],
  [
    'a zero byte',
    GOOD.replace('--fast', '"\\0"'),
    'ours.yaml:4:16: argv[1] is not valid: it holds a zero byte; correct it',
  ],
  [
    'a broken regular expression',
    GOOD.replace('^ready', '"("'),
    /^ours\.yaml:5:12: readyLine is not valid: Invalid regular expression: .*; correct it$/,
  ],
  [
    'an unknown signal',
    `${GOOD}stopSignal: SIGTRM\n`,
    'ours.yaml:6:13: stopSignal cannot be "SIGTRM"; did you mean "SIGTERM"?',
  ],
  [
    'a reaction time that no replicator may have',
    `${GOOD}settleMs: 1501\n`,
    'ours.yaml:6:11: settleMs is 1501, above 1500; take a smaller number',
  ],
  [
    'a reaction time before the fault',
    `${GOOD}settleMs: -1\n`,
    'ours.yaml:6:11: settleMs is -1, below 0; take a greater number',
  ],
  [
    'half a millisecond',
    `${GOOD}settleMs: 0.5\n`,
    'ours.yaml:6:11: settleMs is 0.5, not a whole number; write a whole number',
  ],
  [
    'a reaction time in words',
    `${GOOD}settleMs: soon\n`,
    'ours.yaml:6:11: settleMs is the text "soon", not a number; write a number',
  ],
  [
    'a number as variable',
    `${GOOD}environment: { LEVEL: 3 }\n`,
    'ours.yaml:6:23: environment.LEVEL is 3, not a text; put it in quotes',
  ],
  [
    'a variable with a wrong name',
    `${GOOD}environment: { "A-B": x }\n`,
    'ours.yaml:6:23: environment.A-B is not valid: no name of a variable; correct it',
  ],
  [
    'a variable of the lab',
    `${GOOD}environment: { EVERYLEAF_BOND: x }\n`,
    /^ours\.yaml:6:32: .*EVERYLEAF_ variables are set by the lab; correct it$/,
  ],
  [
    'an unknown profile',
    GOOD.replace('ovs-group', 'ovs-grup'),
    'ours.yaml:3:10: unknown profile "ovs-grup"; did you mean "ovs-group"?; a file of your own ends in .yaml',
  ],
  [
    'two mistakes',
    GOOD.replace('name: ours', 'name: Ours').replace('Ours.', '""'),
    /^ours\.yaml:1:7: .*\nours\.yaml:2:14: .*$/,
  ],
] as const) {
  test(`${what}: its place, what is wrong and what to do`, () => {
    if (typeof said === 'string') expect(problems(text)).toBe(said);
    else expect(problems(text)).toMatch(said);
  });
}

test('whatever the text, there is a description or a typed error', () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '"("',
      '"\\0"',
      '*a',
      '&a b',
      '{',
      '[',
      '3',
      'null',
      '!!x y',
      '__proto__: 1',
      '? a',
      'SIGKILL',
      'ovs-group',
      '""',
    ),
  );
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'name',
      'description',
      'profile',
      'argv',
      'readyLine',
      'stopSignal',
      'environment',
      'audit',
      '__proto__',
      'constructor',
      '<<',
    ),
  );
  const line = fc.tuple(fc.nat(3), key, scalar).map(([depth, k, v]) => `${'  '.repeat(depth)}${k}: ${v}`);
  const mutated = fc
    .tuple(fc.nat(GOOD.length), fc.nat(8), scalar)
    .map(([at, cut, put]) => GOOD.slice(0, at) + put + GOOD.slice(at + cut));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(line).map((lines) => lines.join('\n')),
        mutated,
      ),
      (text) => {
        for (const said of problems(text).split('\n'))
          expect(said).toMatch(
            /^(ours\.yaml:\d+:\d+: .*; .*|ours\.yaml: and \d+ more problems; repair these first|no problem)$/s,
          );
      },
    ),
    { numRuns: 400 },
  );
});
