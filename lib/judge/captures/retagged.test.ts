import { expect, test } from '@playwright/test';
import type { KindId } from '../../wire/kinds.js';
import type { VlanTag } from '../../wire/frame.js';
import { withTags } from '../../wire/ethernet.js';
import { judgeFiles, makeCaptures, MS, plainFrame, SECOND, US } from '../testing/captures.js';
import { AHEAD, signatures } from '../testing/minute.js';

const vlan = (vid: number, tpid: VlanTag['tpid'] = 0x8100): VlanTag => ({ tpid, vid, pcp: 0, dei: false });
const KINDS: readonly KindId[] = ['arp-request-broadcast', 'arp-reply-unicast', 'ns-multicast', 'na-solicited'];
const ROUNDS = 40;

interface Again {
  readonly gap?: number;
  readonly tags?: readonly VlanTag[];
  /** Leaves that have it again. */
  readonly on?: readonly number[];
  readonly alter?: (frame: Uint8Array) => void;
  readonly first?: (frame: Uint8Array) => void;
}

/** Neighbor frames in VLAN 10 on every leaf; every other one comes there again, with other tags. */
function judged({ gap = 100 * US, tags = [vlan(20)], on = [0, 1], alter, first }: Again) {
  const captures = makeCaptures();
  captures.alive(0, (ROUNDS + 2) * SECOND);
  for (let round = 0; round < ROUNDS; round++) {
    const kind = KINDS[round % KINDS.length] ?? 'ns-multicast';
    const bare = plainFrame(kind, { variation: round });
    first?.(bare);
    const at = (round + 1) * SECOND + (round % 7) * 31 * MS;
    captures.all(at, withTags(bare, [vlan(10)]));
    const again = bare.slice();
    alter?.(again);
    if (round % 8 < 4) for (const leaf of on) captures.see(leaf, at + gap + leaf * 20 * US, withTags(again, tags));
  }
  return judgeFiles(captures.files(AHEAD)).judgement;
}

test('what every leaf has once more in another VLAN is no pass', () => {
  for (const gap of [-100 * US, 100 * US, 4 * MS, 8 * MS, 40 * MS]) {
    const judgement = judged({ gap });
    expect(judgement.verdict).toBe('inconclusive');
    expect(signatures(judgement)).toEqual(['no-proof-of-life']);
    expect(judgement.reasons).toEqual([
      '20 neighbor frames from 02:00:00:00:01:0a came at once a second time, with other VLAN tags: the host has one address in several VLANs, or something copies frames from one into another.',
    ]);
  }
});

test('so is what comes once more with a second tag, on every leaf or on one', () => {
  for (const on of [[0, 1], [1]])
    for (const gap of [-100 * US, 100 * US]) {
      const judgement = judged({ gap, on, tags: [vlan(30, 0x88a8), vlan(10)] });
      expect(judgement.verdict).toBe('inconclusive');
      expect(judgement.reasons).toEqual([expect.stringContaining('20 neighbor frames from 02:00:00:00:01:0a came at')]);
    }
});

/** In ARP 169.254.0.0/16, in Neighbor Discovery fe80::/10. */
function toLinkLocal(frame: Uint8Array): void {
  if (frame[12] === 0x08) frame.set([169, 254], 38);
  else frame.set([0xfe, 0x80], 62);
}

function fromLinkLocal(frame: Uint8Array): void {
  if (frame[12] === 0x08) frame.set([169, 254], 28);
  else frame.set([0xfe, 0x80], 22);
}

/** Of ARP the target's MAC, of Neighbor Discovery the flags: two programs of a host ask, or answer, in their own way. */
function saidOtherwise(frame: Uint8Array): void {
  const at = frame[12] === 0x08 ? 34 : 58;
  frame[at] = (frame[at] ?? 0) ^ 0x20;
}

const RIGHT: readonly (readonly [string, Again])[] = [
  ['asks for a link-local address in each of its VLANs', { first: toLinkLocal }],
  ['has a link-local address in each of its VLANs', { first: fromLinkLocal }],
  ['says the same in another VLAN a little later', { gap: 60 * MS }],
  ['says it in another way', { tags: [vlan(10)], alter: saidOtherwise }],
  [
    'answers two leaves that have one address',
    {
      alter: (frame) => {
        frame[5] = 0x77;
      },
    },
  ],
  [
    'has another address in the other VLAN',
    {
      alter: (frame) => {
        frame[frame[12] === 0x08 ? 31 : 37] = 0x77;
      },
    },
  ],
];

for (const [what, again] of RIGHT)
  test(`a host that ${what} is no doubt`, () => {
    expect(judged(again).verdict).toBe('pass');
  });
