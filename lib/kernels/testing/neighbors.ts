import type { Probe } from '../../evidence/types.js';
import { kindEntry } from '../../wire/kinds.js';

/** What a bond copies with the option on, without tags or with one that it sees. */
export function isNeighbor({ kind }: Pick<Probe, 'kind'>): boolean {
  return kindEntry(kind).expected === 'one-each';
}
