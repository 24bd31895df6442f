import { expect, test } from '@playwright/test';
import { dutyOf } from './duty.js';
import { ProfileError } from './error.js';
import { parseProfile } from './parse.js';

const GOOD = `name: ours
title: Our replicator
source: its manual, page 7
duties:
  rs: replicated
  arp-reply-unicast: {untagged: replicated, tagged: single}
maxSkewNs: 5000000
`;

test('a profile of the user’s own is read', () => {
  const profile = parseProfile(GOOD, 'ours.yaml');
  expect(profile).toEqual({
    name: 'ours',
    title: 'Our replicator',
    source: 'its manual, page 7',
    deadLegMustBeSilent: true,
    maxSkewNs: 5_000_000,
    duties: { rs: 'replicated', 'arp-reply-unicast': { untagged: 'replicated', tagged: 'single' } },
  });
  expect(dutyOf(profile, 'arp-reply-unicast', 'tagged')).toBe('single');
  expect(dutyOf(profile, 'arp-reply-unicast', 'qinq')).toBe('unjudged');
});

test('what it may leave out is kept where it is said', () => {
  const said = { deadLegMustBeSilent: false, sendsToLacpDeadLeg: false, deliversOnHost: true };
  expect(
    parseProfile(
      GOOD +
        Object.entries(said)
          .map(([key, value]) => `${key}: ${value}\n`)
          .join(''),
      'ours.yaml',
    ),
  ).toMatchObject(said);
});

const BAD: readonly (readonly [string, string, string])[] = [
  ['unknown kind', GOOD.replace('  rs:', '  rss:'), 'ours.yaml:5:3: unknown key "rss"; did you mean "rs"?'],
  [
    'unknown duty',
    GOOD.replace('rs: replicated', 'rs: always'),
    'ours.yaml:5:3: "duties.rs" is no duty; write replicated, single, unjudged, or one of them for each of untagged, tagged, qinq',
  ],
  [
    'unknown form',
    GOOD.replace('tagged: single', 'taged: single'),
    'ours.yaml:6:45: unknown key "taged"; did you mean "tagged"?',
  ],
  ['unknown key', `${GOOD}silent: true\n`, 'ours.yaml:8:1: unknown key "silent"; '],
  [
    'missing key',
    GOOD.replace('title: Our replicator\n', ''),
    'ours.yaml:1:1: "title" is missing; one line for people',
  ],
  [
    'wrong value',
    GOOD.replace('5000000', '-1'),
    'ours.yaml:7:1: "maxSkewNs": Too small: expected number to be >0; write a whole number of nanoseconds',
  ],
  [
    'no yes or no',
    `${GOOD}deliversOnHost: maybe\n`,
    'ours.yaml:8:1: "deliversOnHost": Invalid input: expected boolean, received string; write true or false, or leave it out',
  ],
  [
    'no mapping',
    '- 1\n',
    'ours.yaml:1:1: a profile is a mapping of keys to values; start with name, title, source and duties',
  ],
  ['empty', '', 'ours.yaml:1:1: the file holds no profile; start from the profile in docs/judging-captures.md'],
  ['twice the same key', `${GOOD}name: again\n`, 'ours.yaml:8:1: not YAML: Map keys must be unique; keep one of them'],
  [
    'second document',
    `${GOOD}---\nname: again\n`,
    'ours.yaml:8:1: a second document begins here; one file holds one profile',
  ],
  ['too large', 'a'.repeat(70_000), 'ours.yaml:1:1: 70000 characters are too many for a profile; write at most 32768'],
];

for (const [what, text, message] of BAD) {
  test(`${what} is told with its place`, () => {
    expect(() => parseProfile(text, 'ours.yaml')).toThrow(ProfileError);
    expect(() => parseProfile(text, 'ours.yaml')).toThrow(message);
  });
}

test('aliases cannot make a small file huge', () => {
  const bomb = `a: &a [1,1]\nb: &b [*a,*a]\nname: *b\n`;
  expect(() => parseProfile(bomb, 'bomb.yaml')).toThrow(ProfileError);
});
