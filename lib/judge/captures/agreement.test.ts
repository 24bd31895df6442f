import { expect, test } from '@playwright/test';
import type { KindId } from '../../wire/kinds.js';
import { judge, type JudgeInput } from '../judge.js';
import { macNumber } from '../read/macs.js';
import { makeLab, MS, TAG_10, type MadeLab } from '../testing/lab.js';
import type { Judgement, Signature } from '../types.js';
import { createLocalFeed } from './feed.js';
import { judgeFeeds } from './judgeFeeds.js';
import { sendersOf } from '../../topology/senders.js';

/** The same captures, once with the list of probes and their tokens, once as if they came from strangers. */
function bothWays(input: JudgeInput): { readonly byToken: Judgement; readonly byContent: Judgement } {
  const { topology, taps } = input.manifest;
  const hosts = sendersOf(topology).map((sender) => sender.mac);
  const interest = {
    hosts: hosts.map(macNumber),
    isAuto: false,
    leaves: topology.leaves.map((leaf) => macNumber(leaf.gatewayMac)),
  };
  const leafTaps = taps.filter((tap) => tap.role === 'leaf');
  const names = new Map(sendersOf(topology).map((sender) => [sender.mac, sender.node]));
  const { judgement } = judgeFeeds(
    leafTaps.map((tap) => ({
      name: tap.node,
      file: tap.file,
      feed: createLocalFeed(input.capture(tap)[Symbol.iterator](), interest),
    })),
    { profile: input.manifest.profile, names, isAuto: false, isSharedClock: true, search: null },
  );
  return { byToken: judge(input), byContent: judgement };
}

function failures(judgement: Judgement): readonly string[] {
  return judgement.findings
    .filter((finding) => finding.verdict === 'fail')
    .map(({ signature, leaf, kind, sender, count, of }) =>
      JSON.stringify([
        signature,
        leaf,
        kind,
        signature === 'reflection' ? null : sender,
        count,
        signature === 'reflection' ? null : of,
      ]),
    )
    .sort();
}

const KINDS: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-reply-unicast',
  'garp-request',
  'ns-multicast',
  'ns-unicast',
  'ns-dad-nonce',
  'na-solicited',
];

/** What each broken replicator makes of the kinds: copies per leaf. */
const REPLICATORS: Readonly<
  Record<
    string,
    {
      readonly copies: (kind: KindId, isData: boolean, isTagged: boolean) => readonly number[];
      readonly shows: readonly Signature[];
    }
  >
> = {
  right: { copies: (_, isData) => (isData ? [0, 1] : [1, 1]), shows: [] },
  off: { copies: () => [0, 1], shows: ['missing'] },
  'group-and-normal': { copies: (_, isData) => (isData ? [0, 1] : [2, 1]), shows: ['duplicate'] },
  'mirror-both-uplinks': { copies: (_, isData) => (isData ? [0, 1] : [2, 2]), shows: ['duplicate'] },
  'lopsided-duplicate': { copies: (_, isData) => (isData ? [0, 1] : [0, 2]), shows: ['duplicate', 'missing'] },
  'arp-only': { copies: (kind, isData) => (isData || kind.startsWith('n') ? [1, 0] : [1, 1]), shows: ['missing'] },
  'requests-only': {
    copies: (kind, isData) => (isData || kind === 'arp-reply-unicast' || kind === 'na-solicited' ? [1, 0] : [1, 1]),
    shows: ['missing'],
  },
  'untagged-only': { copies: (_, isData, isTagged) => (isData || isTagged ? [1, 0] : [1, 1]), shows: ['missing'] },
  'replicate-all': { copies: () => [1, 1], shows: ['data-replicated'] },
};

function lab(name: string): MadeLab {
  const made = makeLab();
  const behaviour = REPLICATORS[name];
  if (behaviour === undefined) throw new Error(`no replicator ${name}`);
  for (let round = 0; round < 6; round++) {
    for (const sender of ['host', 'vm1', 'vm2']) {
      for (const kind of [...KINDS, 'data-tcp', 'data-udp', 'near-miss-udp-arp'] as const) {
        const isData = kind.startsWith('data') || kind.startsWith('near');
        const isTagged = sender !== 'host';
        const probe = made.send(kind, { sender, tags: isTagged ? [TAG_10] : [] });
        behaviour.copies(kind, isData, isTagged).forEach((copies, leaf) => {
          for (let copy = 0; copy < copies; copy++)
            made.copy(probe, leaf === 0 ? 'leaf-a' : 'leaf-b', { afterNs: 50_000 + leaf * 17_000 + copy * 9_000 });
        });
      }
    }
  }
  return made;
}

for (const [name, { shows }] of Object.entries(REPLICATORS)) {
  test(`token and content agree on ${name}`, () => {
    const { byToken, byContent } = bothWays(lab(name).input());
    expect(byToken.verdict).toBe(shows.length === 0 ? 'pass' : 'fail');
    expect([...new Set(byToken.findings.map((finding) => finding.signature))].sort()).toEqual([...shows].sort());
    expect(byContent.verdict).toBe(byToken.verdict);
    expect(byContent.totals).toEqual(byToken.totals);
    expect(byContent.byLeaf).toEqual(byToken.byLeaf);
    expect(byContent.kinds).toEqual(byToken.kinds);
    expect(byContent.matrix).toEqual(byToken.matrix);
    expect(byContent.skew).toEqual(byToken.skew);
    expect(failures(byContent)).toEqual(failures(byToken));
    expect(byContent.reasons).toEqual(byToken.reasons);
  });
}

test('token and content agree on altered, late and reflected frames', () => {
  const made = lab('right');
  const altered = made.send('arp-reply-unicast', { sender: 'vm1', tags: [TAG_10] });
  made.copy(altered, 'leaf-a');
  made.copy(altered, 'leaf-b', {
    alter: (frame) => {
      frame[11] = 0x77;
      return frame;
    },
  });
  const late = made.send('ns-unicast', { sender: 'vm2', tags: [TAG_10] });
  made.copy(late, 'leaf-a');
  made.copy(late, 'leaf-b', { afterNs: 900 * MS });
  const { byToken, byContent } = bothWays(made.input());
  expect(byToken.totals).toMatchObject({ altered: 1, late: 1 });
  expect(byContent.totals).toEqual(byToken.totals);
  expect(byContent.byLeaf).toEqual(byToken.byLeaf);
  expect(byContent.verdict).toBe('fail');
});
