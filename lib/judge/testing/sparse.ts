import { dice } from '../../dice.js';
import type { KindId } from '../../wire/kinds.js';
import { makeCaptures, MS, plainFrame, SECOND, US, type MadeCaptures } from './captures.js';

/** Two leaves that receive little: polls of a few hosts, and an LACPDU of each port now and then. */
export interface Sparse {
  readonly seconds: number;
  /** Between two frames of one host; each comes up to half of that earlier or later. */
  readonly everySeconds: number;
  readonly hosts: readonly number[];
  /** Of the second leaf's clock. */
  readonly aheadSeconds: number;
  readonly ppm: number;
  readonly seed: number;
}

/** What happens to one copy on the second leaf. */
export type Wrong = (copy: {
  readonly index: number;
  readonly kind: KindId;
  readonly frame: Uint8Array;
}) => readonly Uint8Array[];

export const RIGHT: Wrong = ({ frame }) => [frame];
const KINDS: readonly KindId[] = ['arp-request-unicast', 'arp-reply-unicast', 'ns-unicast', 'na-solicited'];

/** Clocks of both leaves. */
export function clocksOf({ aheadSeconds, ppm }: Sparse): readonly ((at: number) => number)[] {
  return [(at) => at, (at) => at * (1 + ppm * 1e-6) + aheadSeconds * SECOND];
}

/** `wrong` is called for every copy on the second leaf, in the order they came. */
export function sparseCaptures(shape: Sparse, wrong: Wrong = RIGHT): MadeCaptures {
  const { seconds, everySeconds, hosts, seed } = shape;
  const roll = dice(seed);
  const captures = makeCaptures();
  for (let at = 0; at <= seconds; at += 5)
    for (const leaf of [0, 1])
      captures.see(leaf, at * SECOND + 37 * MS + leaf * 44 * MS, plainFrame('lacpdu', { host: 99, variation: leaf }));
  const polls = hosts.flatMap((host) => {
    const own: { readonly at: number; readonly kind: KindId; readonly host: number }[] = [];
    for (let at = everySeconds / 2; at < seconds; at += everySeconds)
      own.push({
        at: at + (roll() - 0.5) * everySeconds,
        kind: KINDS[Math.floor(roll() * KINDS.length)] ?? 'ns-unicast',
        host,
      });
    return own;
  });
  polls
    .sort((a, b) => a.at - b.at)
    .forEach(({ at, kind, host }, index) => {
      const frame = plainFrame(kind, { host });
      captures.see(0, at * SECOND, frame);
      const late = roll() * 150 * US;
      wrong({ index, kind, frame }).forEach((copy, again) => {
        captures.see(1, at * SECOND + late + again * 60 * US, copy);
      });
    });
  return captures;
}
