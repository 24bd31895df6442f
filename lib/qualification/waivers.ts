import { z } from 'zod';
import type { Sort } from '../topology/source.js';
import { parseFile, type Wrong } from './parse.js';

/** As for known failures: a longer one becomes permanent. */
const DAYS_MAX = 90;
const DAY_MS = 86_400_000;
const date = z.iso.date({ error: 'a day such as 2026-11-28, in quotes or not' });

const waiverSchema = z.strictObject({
  test: z.string().min(1),
  signature: z.string().min(1),
  binding: z.string().min(1).optional(),
  kind: z.literal('failure').default('failure'),
  issue: z.string().min(1),
  owner: z.string().min(1),
  since: date,
  until: date,
  approvedBy: z.string().min(1),
  approvedOn: date,
});

/** A finding of a test with which a release is accepted all the same. */
export type Waiver = z.infer<typeof waiverSchema>;

const schema = z.array(waiverSchema);
const SORT: Sort = { name: 'a list of waivers', example: 'docs/examples/qualification/waivers.yaml', levels: 'two' };

/** Throws UserError, with line and column, where the text is no list of waivers. An empty text is an empty list. */
export function parseWaivers(text: string, fileName: string): readonly Waiver[] {
  return parseFile(text, fileName, {
    schema,
    sort: SORT,
    whole: 'the list of waivers',
    whenEmpty: [],
    more: (list) =>
      list.flatMap((waiver, i): Wrong[] => {
        const { since, until, approvedOn } = waiver;
        const key = keyOf(waiver);
        const days = (Date.parse(until) - Date.parse(since)) / DAY_MS;
        return [
          ...(list.findIndex((other) => keyOf(other) === key) < i
            ? [{ path: [i], said: 'this waiver is there twice', hint: 'keep one of them' }]
            : []),
          ...(days < 0
            ? [{ path: [i, 'until'], said: `until ${until} is before since`, hint: 'take a later day' }]
            : []),
          ...(days > DAYS_MAX
            ? [
                {
                  path: [i, 'until'],
                  said: `until is ${days} days after since`,
                  hint: `take at most ${DAYS_MAX}, and look again then`,
                },
              ]
            : []),
          ...(approvedOn > until
            ? [{ path: [i, 'approvedOn'], said: 'it was approved after its last day', hint: 'approve another period' }]
            : []),
        ];
      }),
  });
}

function keyOf({ test, signature, binding }: Waiver): string {
  return JSON.stringify([test, signature, binding]);
}

/**
 * Why a waiver does not count on a day; null where it does.
 * @param day `2026-11-28`, in UTC
 */
export function whyInvalid({ since, until, approvedOn, approvedBy }: Waiver, day: string): string | null {
  if (day > until) return `it is over since ${until}`;
  if (day < since) return `it begins on ${since}`;
  if (day < approvedOn) return `${approvedBy} approved it on ${approvedOn} only`;
  return null;
}

/** `TICKET, of OWNER, approved by WHO on DAY, until DAY` */
export function waiverText({ issue, owner, approvedBy, approvedOn, until }: Waiver): string {
  return `${issue}, of ${owner}, approved by ${approvedBy} on ${approvedOn}, until ${until}`;
}
