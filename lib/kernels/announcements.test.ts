import { expect, test } from '@playwright/test';
import type { TapRecord } from '../evidence/types.js';
import { buildFrame } from '../wire/build.js';
import type { KindId } from '../wire/kinds.js';
import { ANNOUNCEMENTS, isByChance, judgeRecovery, together } from './announcements.js';
import { AFTER_RECOVERY, ANNOUNCERS, recoveriesIn } from './recovery.js';
import type { Due } from './state.js';
import { isNeighbor } from './testing/neighbors.js';
import { MADE_NS, madeWay, toEach, toOne, type MoreFrame } from './testing/madeWay.js';
import type { WayEvidence } from './trial.js';
import { WORLD } from './world.js';

/** ns after the first control frame: each recovery, and an instant in it. */
const RECOVERIES = [
  { from: 2_100_000, at: 2_150_000, to: 2_200_000 },
  { from: 2_300_000, at: 2_350_000, to: 2_400_000 },
  { from: 2_500_000, at: 2_550_000, to: 2_600_000 },
  { from: 2_700_000, at: 2_750_000, to: 2_800_000 },
] as const;

const SAID = RECOVERIES.map(
  ({ from, to }, round) =>
    `back ${WORLD.legs[round % WORLD.legs.length]?.hostPort ?? ''} 15 ${MADE_NS + BigInt(from)} ${MADE_NS + BigInt(to)}`,
).join('\n');

type Copies = readonly [number, number];
/** Copies of each announcement: by recovery, its name among the cells, and address. */
type Told = (round: number, name: string, ip: string) => Copies;

function announcement(kind: KindId, vlans: readonly number[], ipv4: string, ipv6: string): Uint8Array {
  return buildFrame(kind, {
    sourceMac: WORLD.host.mac,
    sourceIpv4: ipv4,
    sourceIpv6: ipv6,
    gatewayMac: '02:00:00:0f:00:01',
    gatewayIpv4: '198.51.100.1',
    gatewayIpv6: '2001:db8:1::1',
    variation: 0,
    tags: vlans.map((vid) => ({ tpid: 0x8100, vid, pcp: 0, dei: false })),
    // Of no probe.
    salt: 1_000_000,
    id: 1,
  });
}

function recovered(
  told: Told,
  copiesProbes: Due,
  spoilt: Partial<TapRecord> = {},
  others: readonly MoreFrame[] = [],
): WayEvidence {
  const more = RECOVERIES.flatMap(({ at }, round) =>
    ANNOUNCERS.flatMap(({ vlans, ipv4, ipv6 }): readonly MoreFrame[] => {
      const where = vlans.length === 0 ? 'untagged' : `vlan-${vlans.join('-')}`;
      return [
        {
          ns: at,
          frame: announcement('arp-announcement', vlans, ipv4, '::'),
          copies: told(round, `arp-${where}`, ipv4),
        },
        ...ipv6.map((ip) => ({
          ns: at,
          frame: announcement('na-unsolicited', vlans, '0.0.0.0', ip),
          copies: told(round, `na-${where}`, ip),
        })),
      ];
    }),
  );
  const deliver = (probe: Parameters<typeof toOne>[0]): Copies =>
    copiesProbes === 'replicated' && isNeighbor(probe) ? toEach(probe) : toOne(probe);
  return { ...madeWay(AFTER_RECOVERY, deliver, spoilt, [...more, ...others]), said: SAID };
}

const nothing: Told = () => [0, 0];
const asDue: Told = (_round, name) => (name.endsWith('vlan-20-30') ? [0, 1] : [1, 1]);

test('a kernel that announces each address on each leaf with the option on passes', () => {
  const state = judgeRecovery('replicated', [recovered(asDue, 'replicated')]);
  expect(state.reasons).toEqual([]);
  expect(state.verdict).toBe('pass');
  expect(state.cells[ANNOUNCEMENTS.id]).toMatchObject({
    'arp-untagged': { sent: 4, leaves: { 'leaf-a': 4, 'leaf-b': 4 }, seen: 'each-leaf', duty: 'replicated' },
    'na-untagged': { sent: 8, leaves: { 'leaf-a': 8, 'leaf-b': 8 }, seen: 'each-leaf' },
    'arp-vlan-20': { sent: 4, seen: 'each-leaf' },
    'na-vlan-20': { sent: 8, seen: 'each-leaf' },
    'arp-vlan-20-30': { sent: 4, leaves: { 'leaf-a': 0, 'leaf-b': 4 }, seen: 'one-leaf', duty: 'single' },
    'na-vlan-20-30': { sent: 8, seen: 'one-leaf' },
  });
});

test('a kernel that announces nothing with the option off passes', () => {
  const state = judgeRecovery('single-sent', [recovered(nothing, 'single-sent')]);
  expect(state.reasons).toEqual([]);
  expect(state.verdict).toBe('pass');
  expect(Object.values(state.cells[ANNOUNCEMENTS.id] ?? {}).map(({ seen }) => seen)).toEqual(Array(6).fill('none'));
});

for (const [what, due, told] of [
  ['nothing, where all is due', 'replicated', nothing],
  ['all, where nothing is due', 'single-sent', asDue],
  [
    'one address of a VLAN device on one leaf alone',
    'replicated',
    (round, name, ip) => (round === 1 && ip === '192.0.2.10' ? [1, 0] : asDue(round, name, ip)),
  ],
  [
    'a link-local address on no leaf',
    'replicated',
    (round, name, ip) => (name === 'na-untagged' && ip.startsWith('fe80') ? [0, 0] : asDue(round, name, ip)),
  ],
  [
    'an address twice on a leaf',
    'replicated',
    (round, name, ip) => (name === 'arp-untagged' && round === 0 ? [2, 1] : asDue(round, name, ip)),
  ],
  ['what has two tags on each leaf', 'replicated', () => [1, 1]],
  [
    'one address once, where nothing is due',
    'single-sent',
    (round, name) => (round === 0 && name === 'arp-vlan-20' ? [0, 1] : [0, 0]),
  ],
] as const satisfies readonly (readonly [string, Due, Told])[]) {
  test(`a kernel fails that announces ${what}`, () => {
    const state = judgeRecovery(due, [recovered(told, due)]);
    expect(state.verdict).toBe('fail');
    expect(state.reasons.join()).toContain('Announcements when a port is back');
    const other = due === 'replicated' ? 'single-sent' : 'replicated';
    expect(judgeRecovery(other, [recovered(told, due)]).verdict).toBe('fail');
  });
}

test('announcements that are left out for one port alone prove nothing', () => {
  const left: Told = (round, name, ip) => (round === 0 ? [0, 0] : asDue(round, name, ip));
  const state = judgeRecovery('replicated', [recovered(left, 'replicated')]);
  expect(state.verdict).toBe('inconclusive');
  expect(state.reasons.join()).toContain('none at all for up-a (1 of 2 times)');
});

test('announcements made before a port is in use again are told, and those in time are judged', () => {
  const early: Told = (round, name, ip) => (round === 0 ? [0, 1] : asDue(round, name, ip));
  const state = judgeRecovery('replicated', [recovered(early, 'replicated')]);
  expect(state.reasons).toEqual([]);
  expect(state.verdict).toBe('pass');
  expect(state.notes?.join()).toContain('those for up-a (1 of 2 times) came out of the other ports alone');
  expect(state.cells[ANNOUNCEMENTS.id]).toMatchObject({
    'arp-untagged': { sent: 3, leaves: { 'leaf-a': 3, 'leaf-b': 3 } },
  });
  expect(together(state, state).notes).toHaveLength(2);
  // Where nothing is due they are too many.
  expect(judgeRecovery('single-sent', [recovered(early, 'single-sent')]).verdict).toBe('fail');
  const wrong: Told = (round, name, ip) => (round === 2 && name === 'arp-untagged' ? [0, 1] : early(round, name, ip));
  expect(judgeRecovery('replicated', [recovered(wrong, 'replicated')]).verdict).toBe('fail');
});

test('a port at which all came too early is tried again, and fails where it never told anything in time', () => {
  // Both recoveries of up-a, the first leg.
  const early: Told = (round, name, ip) => (round % 2 === 0 ? [0, 1] : asDue(round, name, ip));
  const round = () => recovered(early, 'replicated');
  const good = recovered(asDue, 'replicated');
  expect(isByChance('replicated', [good])).toBe(false);
  expect(isByChance('single-sent', [recovered(nothing, 'single-sent')])).toBe(false);
  expect(isByChance('replicated', [round()])).toBe(true);
  expect(isByChance('replicated', [round(), good])).toBe(false);
  const mended = judgeRecovery('replicated', [round(), good]);
  expect(mended.verdict).toBe('pass');
  expect(mended.notes?.join()).toContain('up-a (2 of 4 times)');

  const always = [round(), round(), round(), round()];
  expect(isByChance('replicated', always)).toBe(false);
  const state = judgeRecovery('replicated', always);
  expect(state.verdict).toBe('fail');
  expect(state.reasons).toEqual([
    'Announcements when a port is back: in 8 times none came out of up-a after it was back.',
  ]);
});

test('a round whose captures do not count leaves all of it open', () => {
  const lost = recovered(asDue, 'replicated', { droppedByKernel: 1 });
  expect(judgeRecovery('replicated', [recovered(asDue, 'replicated'), lost]).verdict).toBe('inconclusive');
});

for (const [what, told] of [
  ['that come back', (round) => (round % 2 === 0 ? [0, 1] : [1, 0])],
  ['that had never gone', (round, name, ip) => (round === 0 ? [1, 0] : asDue(round, name, ip))],
  [
    'that come back, of one address alone',
    (round, name, ip) => (round === 0 && ip === '192.0.2.10' ? [0, 1] : asDue(round, name, ip)),
  ],
  ['at all, or those that come back', (round) => (round % 2 === 0 ? [0, 0] : [1, 0])],
] as const satisfies readonly (readonly [string, Told])[]) {
  test(`announcements that never reach ports ${what} fail`, () => {
    expect(judgeRecovery('replicated', [recovered(told, 'replicated')]).verdict).toBe('fail');
  });
}

test('an address that nobody has fails, also where it is announced as others are', () => {
  const stranger = announcement('arp-announcement', [], '198.51.100.99', '::');
  const others = [{ ns: RECOVERIES[1].to, frame: stranger, copies: [1, 1] }] as const;
  const { cells } = judgeRecovery('replicated', [recovered(asDue, 'replicated', {}, others)]);
  expect(cells[ANNOUNCEMENTS.id]).toMatchObject({ 'arp-untagged': { seen: 'other', verdict: 'fail' } });
});

test('captures that lost a frame are no proof that an announcement is missing', () => {
  const state = judgeRecovery('replicated', [recovered(nothing, 'replicated', { droppedByKernel: 1 })]);
  expect(state.verdict).toBe('inconclusive');
});

test('a bond that does not copy after a port is back fails, whatever it announced', () => {
  expect(judgeRecovery('replicated', [recovered(asDue, 'single-sent')]).verdict).toBe('fail');
});

test('a port that did not come back is no verdict', () => {
  expect(() => recoveriesIn(SAID.split('\n')[0] ?? '')).toThrow('not every port of the bond was shut and came back');
  expect(() => recoveriesIn(SAID.replace(' 15 ', '  '))).toThrow('not every port');
  expect(recoveriesIn(SAID)).toHaveLength(4);
});

test('the parts of a trial are one result', () => {
  const [good, bad] = [nothing, asDue].map((told) => judgeRecovery('single-sent', [recovered(told, 'single-sent')]));
  if (good === undefined || bad === undefined) throw new Error('not judged');
  expect(together(good, bad)).toMatchObject({ verdict: 'fail', reasons: bad.reasons });
  expect(together(good, good).verdict).toBe('pass');
});
