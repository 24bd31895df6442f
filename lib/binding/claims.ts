import { CLAIMS, VANTAGES, type ClaimName } from '../judge/vantage/vantages.js';
import type { BoundVantage } from './schema.js';

/** What a vantage can carry as it is declared; only frames can show whether it does. */
export type Carried =
  | 'yes'
  /** While its loss counters stand still. */
  | 'counted'
  /** Where frames show that it is kept. */
  | 'shown'
  | 'no';

/** By claim. Declared things only take away. */
export function declaredClaims(vantage: BoundVantage): Readonly<Record<ClaimName, Carried>> {
  return Object.fromEntries(CLAIMS.map((claim) => [claim, carriedBy(vantage, claim)])) as Record<ClaimName, Carried>;
}

function carriedBy({ kind, losses = [], tags, data }: BoundVantage, claim: ClaimName): Carried {
  if (claim === 'tags' && tags === 'stripped') return 'no';
  if (claim === 'data' && data === 'none') return 'no';
  const { carries } = VANTAGES[kind];
  const cell: Carried = carries[claim];
  // Without a counter that can be read, what is missing may have been lost on the way.
  if (cell === 'counted' && losses.length === 0) return 'no';
  return cell;
}

export const CARRIED_TEXT: Readonly<Record<Carried, string>> = {
  yes: 'yes',
  counted: 'while its loss counters stand still',
  shown: 'where frames show it',
  no: '· not judged here',
};
