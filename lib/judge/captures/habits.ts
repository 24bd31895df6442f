import { KINDS } from '../../wire/kinds.js';

/**
 * How soon a host may say the same again. `question`: after RetransTimer (RFC 4861, 1 s) or as RFC 5227 and Linux do,
 * never at once. `answer`: as often as it is asked, and leaves ask together. `announcement`: as often and as fast as it
 * wants; RFC 5227 names a least interval only for its own.
 */
export type Habit = 'question' | 'answer' | 'announcement' | 'none';

const habits: readonly Habit[] = KINDS.map(({ id, expected }) => {
  if (id === 'arp-reply-unicast' || id === 'na-solicited') return 'answer';
  if (id === 'garp-request' || id === 'garp-reply' || id === 'arp-announcement' || id === 'na-unsolicited')
    return 'announcement';
  return expected === 'one-each' ? 'question' : 'none';
});

export function habitOf(kind: number): Habit {
  return habits[kind] ?? 'none';
}
