import { hostname, userInfo } from 'node:os';
import { z } from 'zod';
import type { Holder, LeaseState } from './types.js';

const text = z.string().min(1).max(200);
const schema = z.object({ who: text, where: text, run: text, since: text });

/** Others wrote it, and it is printed on a terminal. */
const plain = (of: string): string => of.replace(/[^\x20-\x7e]/g, '?');

/** Who holds a lease, from the line that is kept with it; null where it says nothing of use. */
export function parseHolder(line: string): Holder | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const { data } = schema.safeParse(value);
  if (data === undefined) return null;
  return { who: plain(data.who), where: plain(data.where), run: plain(data.run), since: plain(data.since) };
}

/** We. */
export function ourselves(run: string, now = new Date()): Holder {
  return { who: userInfo().username, where: hostname(), run, since: now.toISOString() };
}

/** The state of a lease in one sentence, without its end. */
export function describeState({ is, holder, secondsLeft, said }: LeaseState): string {
  const by =
    holder === null
      ? 'held by somebody who did not say who'
      : `held by ${holder.who} at ${holder.where} for ${holder.run}, since ${holder.since}`;
  switch (is) {
    case 'free':
      return 'free';
    case 'held':
      return `${by}${secondsLeft === null ? '' : `; free in ${secondsLeft} s unless it is renewed`}`;
    case 'early':
      return `not given out yet: the machine that keeps it has just restarted, and somebody may still work with a lease from before; free in ${secondsLeft ?? 0} s`;
    case 'damaged':
      return `damaged: what is kept there cannot be read; free in ${secondsLeft ?? 0} s`;
    case 'unknown':
      return said === null
        ? 'not known: the command of the lease said nothing'
        : `not known; the command of the lease said: ${said}`;
  }
}
