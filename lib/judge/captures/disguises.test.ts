import { expect, test } from '@playwright/test';
import { parseMac } from '../../wire/address.js';
import { withTags } from '../../wire/ethernet.js';
import { HOST, judgeFiles, MS, plainFrame, SECOND, type JudgeFilesOptions } from '../testing/captures.js';
import { AHEAD, minute, signatures } from '../testing/minute.js';
import type { Judgement } from '../types.js';

const BRIDGE = '02:00:00:00:77:01';
const OTHER = '02:00:00:00:01:0b';
const OWN_GATEWAY = '02:00:00:0f:00:02';
const GROUP = '01:00:5e:01:02:03';
const IPV4_HOP = 22;

interface Copy {
  readonly source?: string;
  /** Where the host sends it, and where the copy goes. */
  readonly to?: string;
  readonly destination?: string;
  readonly isTagged?: boolean;
  readonly hopsLess?: number;
  /** The packet says something that its owner never said. */
  readonly isOther?: boolean;
  readonly laterNs?: number;
}

/** 40 data frames of the host on leaf-a, and copies of them on leaf-b. */
function judged(copy: Copy, options: JudgeFilesOptions = {}): Judgement {
  const { source = BRIDGE, to, destination, isTagged = false, hopsLess = 0, isOther = false, laterNs = 300_000 } = copy;
  const captures = minute();
  for (let round = 0; round < 40; round++) {
    const at = (10 + round) * SECOND + 300 * MS;
    const frame = plainFrame('data-udp', { variation: 5_000 + round });
    if (to !== undefined) frame.set(parseMac(to), 0);
    captures.see(0, at, frame);
    const other = isOther ? plainFrame('data-udp', { variation: 9_000 + round }) : frame.slice();
    other.set(parseMac(source), 6);
    if (destination !== undefined) other.set(parseMac(destination), 0);
    other[IPV4_HOP] = (other[IPV4_HOP] ?? 0) - hopsLess;
    captures.see(1, at + laterNs, isTagged ? withTags(other, [{ tpid: 0x8100, vid: 9, pcp: 0, dei: false }]) : other);
  }
  return judgeFiles(captures.files(AHEAD), options).judgement;
}

for (const [how, options] of [
  ['where the host is named', {}],
  ['where both are named', { hosts: [HOST, BRIDGE] }],
  ['of --hosts auto', { hosts: [], isAuto: true }],
] as const)
  test(`P4: data that is copied with another source MAC is copied, ${how}`, () => {
    for (const laterNs of [300_000, -300_000, 7 * MS, 40 * MS]) {
      const judgement = judged({ laterNs }, { ...options, asked: [HOST] });
      expect(signatures(judgement)).toEqual(['data-replicated']);
      expect(judgement.verdict).toBe('fail');
      expect(judgement.reasons[0]).toContain(
        '40 data frames of 02:00:00:00:01:0a came to leaf-b once more within 50 ms, from another source MAC',
      );
    }
  });

test('a group is told the same by a copy, too', () => {
  expect(judged({ to: GROUP, destination: GROUP }).verdict).toBe('fail');
});

test('one such frame is enough', () => {
  const captures = minute();
  const frame = plainFrame('data-tcp', { variation: 7_777 });
  captures.see(1, 20 * SECOND, frame);
  const copy = frame.slice();
  copy.set(parseMac(OTHER), 6);
  captures.see(0, 20 * SECOND, copy);
  expect(judgeFiles(captures.files(AHEAD)).judgement.verdict).toBe('fail');
});

test('what a router forwards is no copy', () => {
  expect(judged({ to: GROUP, destination: GROUP, hopsLess: 1 }).verdict).toBe('pass');
  expect(judged({ destination: OWN_GATEWAY, hopsLess: 1 }).verdict).toBe('pass');
  expect(judged({ destination: OWN_GATEWAY, hopsLess: 1 }, { hosts: [], isAuto: true }).verdict).toBe('pass');
});

test('what may be forwarded, and may be a copy, is inconclusive', () => {
  for (const copy of [
    { hopsLess: 1 },
    { to: GROUP, destination: GROUP, isTagged: true },
    { destination: OWN_GATEWAY },
  ]) {
    const judgement = judged(copy);
    expect(signatures(judgement)).toEqual(['no-proof-of-life']);
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.reasons.join()).toContain('a router sends them on, or something copies them');
  }
});

test("data from a host's address that it did not send is nobody's copy", () => {
  expect(judged({ isOther: true }).verdict).toBe('pass');
  expect(judged({ isOther: true, source: OTHER }, { hosts: [], isAuto: true }).verdict).toBe('pass');
});

test('where data cannot be judged, such a copy fails nothing', () => {
  const declared = {
    vantages: new Map([['leaf-b', { name: 'trap', losses: null } as const]]),
    demanded: ['reached'] as const,
  };
  const judgement = judged({}, { declared });
  expect(judgement.verdict).toBe('pass');
});
