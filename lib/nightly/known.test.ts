import { expect, test } from '@playwright/test';
import { parseKnown } from './known.js';

const ENTRY = `- test: t
  signature: P1.missing
  issue: https://tracker.example/1
  owner: neigh-team
  since: 2026-09-01
  until: 2026-11-30
`;

test('an entry of at most 90 days is read; an empty file excuses nothing', () => {
  expect(parseKnown(ENTRY, 'known.yaml')).toEqual([
    {
      test: 't',
      signature: 'P1.missing',
      kind: 'failure',
      issue: 'https://tracker.example/1',
      owner: 'neigh-team',
      since: '2026-09-01',
      until: '2026-11-30',
    },
  ]);
  expect(parseKnown('# none\n', 'known.yaml')).toEqual([]);
});

test('what is wrong is said with its line, and nothing is excused', () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      ENTRY.replace('11-30', '12-01'),
      'known.yaml:6:10: until is 91 days after since; take at most 90, and look again then',
    ],
    [ENTRY.replace('11-30', '08-30'), 'known.yaml:6:10: until 2026-08-30 is before since; take a later day'],
    [ENTRY.replace('2026-11-30', 'soon'), 'known.yaml:6:10: [0].until is "soon", which is not a day such as'],
    [ENTRY.replace('  owner: neigh-team\n', ''), 'known.yaml:1:3: "owner" is missing in [0]; add owner: a text'],
    [ENTRY.replace('  signature: P1.missing\n', ''), 'known.yaml:1:3: "signature" is missing; say which finding'],
    [ENTRY.replace('owner', 'ownr'), 'known.yaml:4:3: unknown key "ownr" in [0]; did you mean "owner"?'],
    [`${ENTRY}  kind: skip\n`, 'known.yaml:2:14: an entry of kind skip has no signature; remove it'],
    [`${ENTRY}${ENTRY}`, 'known.yaml:7:3: this entry is there twice; keep one of them'],
    ['tests: []\n', 'known.yaml:1:1: the list of known failures is a map, not a list; write a list'],
    ['- [', 'known.yaml:1:4: not YAML'],
  ];
  for (const [text, said] of cases) expect(() => parseKnown(text, 'known.yaml'), text).toThrow(said);
});
