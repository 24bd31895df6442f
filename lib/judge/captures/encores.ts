import { KINDS } from '../../wire/kinds.js';
import type { Finding } from '../types.js';
import { duration, firstListed, listed, plural } from '../tell/phrasing.js';
import { habitOf } from './habits.js';
import { createRecent, type Recent } from './recent.js';
import { PAIRING } from './settings.js';
import { OWN_MEMORY } from './tableRoom.js';

/**
 * Frames that every leaf saw once, and soon once more. What doubles each frame within the time of a duplicate is told
 * by that; what takes a few milliseconds (a mirror in user space) makes two good frames of one, and only the habits of
 * stacks speak against it.
 */
export interface Encores {
  /** What came shortly before; `where` has the second copies that were asked for. */
  readonly recent: Recent;
  /**
   * Of a frame that was on every leaf once; when it came, ns, stands at `at`. Allocates nothing but for a new sender.
   */
  note(sender: number, kind: number, a: number, b: number, times: Float64Array, at: number): void;
  /**
   * Whether every leaf had this content at most 50 ms before, and oftener than second copies of it were asked for; when
   * it came, ns, stands at `at`.
   */
  isSecond(a: number, b: number, times: Float64Array, at: number): boolean;
  /** `delivered`: how many there were in all; senders that `isHost` refuses are left out. */
  findings(
    delivered: (sender: number, kind: number) => number,
    isHost: (sender: number) => boolean,
    nameOf: (sender: number) => string,
  ): Finding[];
}

/** Frames that are remembered: four times as many, which at 10,000 neighbor frames a second is more than `encoreNs`. */
const SETS = 0x400;
/** One alone may be chance: a stack that is set up anew asks again. */
const LEAST = 2;
/** Of a sender's frames of one kind; what doubles each makes a half of them. */
const SHARE = 1 / 3;

/** Kinds of which a repeat that soon says something. */
export const isTelling = KINDS.map((_, kind) => habitOf(kind) === 'question' || habitOf(kind) === 'answer');
const QUESTIONS = KINDS.flatMap((_, kind) => (habitOf(kind) === 'question' ? [kind] : []));
/** Questions of a sender that came once show that nothing doubles what it says. */
const LEAST_SHOWN = 3;

interface Doubled {
  readonly sender: number;
  readonly kind: number;
  readonly count: number;
  readonly of: number;
}

/** By sender and kind. */
type Counts = (Float64Array | undefined)[];

function count(all: Counts, sender: number, kind: number): void {
  const counts = (all[sender] ??= new Float64Array(KINDS.length));
  counts[kind] = (counts[kind] as number) + 1;
}

export function createEncores(room = OWN_MEMORY): Encores {
  const recent = createRecent(SETS, room);
  // So many second copies may come yet.
  const { when, where: seconds } = recent;
  const bySender: Counts = [];
  /** Of those, what came again so soon that it was hardly asked for again. */
  const soonBySender: Counts = [];

  return {
    recent,
    note(sender, kind, a, b, times, at) {
      const ns = times[at] as number;
      const known = recent.find(a, b);
      if (known >= 0 && isTelling[kind] === true && ns - (when[known] as number) < PAIRING.encoreNs)
        count(bySender, sender, kind);
      const isSoon = known >= 0 && ns - (when[known] as number) <= PAIRING.pairNs;
      if (isSoon && isTelling[kind] === true) count(soonBySender, sender, kind);
      const place = recent.keep(known, a, b);
      seconds[place] = isSoon ? (seconds[place] as number) + 1 : 1;
      when[place] = ns;
    },
    isSecond(a, b, times, at) {
      const known = recent.find(a, b);
      if (known < 0 || (seconds[known] as number) <= 0) return false;
      const after = (times[at] as number) - (when[known] as number);
      if (after < 0 || after > PAIRING.pairNs) return false;
      seconds[known] = (seconds[known] as number) - 1;
      return true;
    },
    findings(delivered, isHost, nameOf) {
      const doubledIn = (all: Counts): Doubled[] =>
        all.flatMap((counts, sender) =>
          counts === undefined || !isHost(sender)
            ? []
            : [...counts].flatMap((times, kind): Doubled[] => {
                const of = delivered(sender, kind);
                return times >= LEAST && times > SHARE * of ? [{ sender, kind, count: times, of }] : [];
              }),
        );
      const doubled = doubledIn(bySender);
      // A host that is asked all the time answers all the time; what doubles answers does so at once.
      const unknown = doubledIn(soonBySender).filter(
        ({ sender, kind }) => habitOf(kind) === 'answer' && !isShown(sender, delivered),
      );
      const isUnknown = (one: Doubled): boolean =>
        unknown.some(({ sender, kind }) => sender === one.sender && kind === one.kind);
      return [
        ...finding(
          doubled.filter(({ kind }) => habitOf(kind) === 'question'),
          PAIRING.encoreNs,
          nameOf,
          'inconclusive',
          'no kernel asks again that soon: something doubles what it says, or a switch of the host asks by itself',
        ),
        ...finding(
          unknown,
          PAIRING.pairNs,
          nameOf,
          'inconclusive',
          'the leaves asked together, or something doubles what it says; captures in which these hosts also ask tell',
        ),
        ...finding(
          doubled.filter((one) => habitOf(one.kind) === 'answer' && !isUnknown(one)),
          PAIRING.encoreNs,
          nameOf,
          'note',
          'the leaves asked together, or something doubles what it says',
        ),
      ];
    },
  };
}

/** Whether this sender asked, too: doubled questions are told by themselves. */
function isShown(sender: number, delivered: (sender: number, kind: number) => number): boolean {
  return QUESTIONS.reduce((sum, kind) => sum + delivered(sender, kind), 0) >= LEAST_SHOWN;
}

function finding(
  doubled: readonly Doubled[],
  withinNs: number,
  nameOf: (sender: number) => string,
  verdict: 'inconclusive' | 'note',
  what: string,
): Finding[] {
  if (doubled.length === 0) return [];
  const sum = (of: (entry: Doubled) => number): number => doubled.reduce((total, entry) => total + of(entry), 0);
  const kinds = [...new Set(doubled.map(({ kind }) => kind))]
    .sort((a, b) => a - b)
    .map((kind) => plural((KINDS[kind] ?? KINDS[0]).id));
  const names = [...new Set(doubled.map(({ sender }) => nameOf(sender)))];
  const who = firstListed(names);
  return [
    {
      ...(verdict === 'note'
        ? ({ property: 'P1', signature: 'duplicate' } as const)
        : ({ property: 'validity', signature: 'no-proof-of-life' } as const)),
      verdict,
      count: sum(({ count }) => count),
      probes: [],
      sentence: `${sum(({ count }) => count)} of ${sum(({ of }) => of)} ${listed(kinds)} from ${who} were on every leaf once more within ${duration(withinNs)}: ${what}.`,
    },
  ];
}
