import { expect, test } from '@playwright/test';
import { KINDS, type KindId, type TagForm } from '../wire/kinds.js';
import { dutyOf, formOf } from './duty.js';
import { ProfileError } from './error.js';
import { DEFAULTS } from '../defaults.js';
import { profileNamed } from './registry.js';
import type { Duty } from './types.js';

/**
 * The table of who replicates what, row by row: R replicated, S single, u unjudged; linux, anolis, ovs-group, sonic,
 * every neighbor frame.
 */
const TABLE: readonly (readonly [KindId, TagForm, string])[] = [
  ['arp-request-broadcast', 'untagged', 'RRRRR'],
  ['arp-request-broadcast', 'tagged', 'RRRuR'],
  ['arp-request-broadcast', 'qinq', 'SSuuu'],
  ['arp-other', 'untagged', 'RRRRR'],
  ['ns-dad', 'untagged', 'RRRRR'],
  ['ns-unicast', 'tagged', 'RRRuR'],
  ['na-solicited', 'untagged', 'RRRRR'],
  ['na-unsolicited', 'qinq', 'SSuuu'],
  ['rs', 'untagged', 'SSSRu'],
  ['ra', 'untagged', 'SSSSS'],
  ['redirect', 'untagged', 'SSSSS'],
  ['rarp', 'tagged', 'SSSSS'],
  ['mld-report', 'untagged', 'SSSSu'],
  ['ns-ext-header', 'untagged', 'SSRuu'],
  ['ns-ext-header', 'qinq', 'SSuuu'],
  ['ns-fragment', 'untagged', 'uuuuu'],
  ['nd-malformed', 'untagged', 'uuuuu'],
  ['data-echo6', 'untagged', 'SSSSS'],
  ['data-tcp', 'qinq', 'SSSSS'],
  ['near-miss-udp-arp', 'tagged', 'SSSSS'],
  ['lacpdu', 'untagged', 'uuuuu'],
  ['lldp', 'untagged', 'uuuuu'],
];
const ORDER = ['linux-broadcast-neighbor', 'anolis', 'ovs-group', 'sonic-dual-tor', 'every-neighbor-frame'];
const LETTER: Readonly<Record<Duty, string>> = { replicated: 'R', single: 'S', unjudged: 'u' };

for (const [kind, form, said] of TABLE) {
  test(`who replicates ${form} ${kind}`, () => {
    expect(ORDER.map((name) => LETTER[dutyOf(profileNamed(name, DEFAULTS.profiles), kind, form)]).join('')).toBe(said);
  });
}

test('only a replicator that looks at carriers must keep silent on a dead leg', () => {
  expect(ORDER.map((name) => profileNamed(name, DEFAULTS.profiles).deadLegMustBeSilent)).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
});

test('of whom nothing is known it is not judged whether the senders of one host hear each other', () => {
  expect(ORDER.map((name) => profileNamed(name, DEFAULTS.profiles).deliversOnHost)).toEqual([
    true,
    true,
    true,
    undefined,
    true,
  ]);
});

test('every profile has a duty for every kind in every form', () => {
  for (const profile of DEFAULTS.profiles)
    for (const { id } of KINDS)
      for (const form of ['untagged', 'tagged', 'qinq'] as const)
        expect(LETTER[dutyOf(profile, id, form)]).toBeDefined();
});

test('an unknown profile gets the near one or the list', () => {
  expect(() => profileNamed('ovs-grup', DEFAULTS.profiles)).toThrow(ProfileError);
  expect(() => profileNamed('ovs-grup', DEFAULTS.profiles)).toThrow(
    'unknown profile "ovs-grup"; did you mean "ovs-group"?',
  );
  expect(() => profileNamed('zzz', DEFAULTS.profiles)).toThrow('sonic-dual-tor');
});

test('tags make the form', () => {
  expect([0, 1, 2].map(formOf)).toEqual(['untagged', 'tagged', 'qinq']);
});
