import type { KindId } from '../../wire/kinds.js';
import type { Judgement, Signature } from '../types.js';
import { makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from './captures.js';

const NEIGHBORS: readonly KindId[] = [
  'arp-request-broadcast',
  'arp-reply-unicast',
  'ns-multicast',
  'ns-unicast',
  'na-solicited',
];

/** A minute of a host: neighbor frames every 200 ms or so on every leaf, data on one. `skip`: copies of a frame. */
export function minute(leaves = 2, skip: (at: number, leaf: number, kind: KindId) => number = () => 1): MadeCaptures {
  const captures = makeCaptures(leaves);
  captures.alive(0, 60 * SECOND);
  let variation = 0;
  let state = 7;
  // Irregular, as life is: a sequence of Lehmer's.
  const jitter = (): number => (state = (state * 48_271) % 2_147_483_647) % (90 * MS);
  for (let at = 500 * MS; at < 59.5 * SECOND; at += 200 * MS) {
    const kind = NEIGHBORS[++variation % NEIGHBORS.length] ?? 'ns-unicast';
    const frame = plainFrame(kind, { variation: kind.startsWith('arp') ? variation % 100 : variation });
    const time = at + jitter();
    for (let leaf = 0; leaf < leaves; leaf++)
      for (let copy = 0; copy < skip(at, leaf, kind); copy++)
        captures.see(leaf, time + leaf * 30 * US + copy * 10 * US, frame);
    captures.see(variation % leaves, time + 50 * MS, plainFrame('data-udp', { variation }));
  }
  return captures;
}

/** What is not only noted. */
export function signatures(judgement: Judgement): Signature[] {
  return [
    ...new Set(judgement.findings.filter((finding) => finding.verdict !== 'note').map((finding) => finding.signature)),
  ];
}

/** Clocks: that of leaf-b is 3.5 s ahead and 40 ppm fast. */
export const AHEAD = [(at: number) => at, (at: number) => at * (1 + 40e-6) + 3.5 * SECOND];
