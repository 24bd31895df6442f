import { KINDS, type KindId } from '../wire/kinds.js';
import type { Duty, Profile } from './types.js';

type Row = Profile['duties'][KindId];

/** ARP and NS/NA in the forms of RFC 826 and RFC 4861: what every replicator is for. */
export const NEIGHBOR_KINDS: readonly KindId[] = KINDS.filter((entry) => entry.expected === 'one-each').map(
  (entry) => entry.id,
);

/** The same row for several kinds. */
export function rows(kinds: readonly KindId[], row: NonNullable<Row>): Profile['duties'] {
  return Object.fromEntries(kinds.map((kind) => [kind, row]));
}

/** A row with the same duty for every tag form. */
export function everyForm(duty: Duty): NonNullable<Row> {
  return { untagged: duty, tagged: duty, qinq: duty };
}
