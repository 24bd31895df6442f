import type { Judgement } from '../types.js';
import { CLAIMS, type ClaimName } from '../vantage/vantages.js';

/** One claim, leaf by leaf. */
export interface ClaimRow {
  readonly claim: ClaimName;
  /** A pass must stand for it. */
  readonly isDemanded: boolean;
  /** By leaf: why it is not judged there; null = it is. */
  readonly why: readonly (string | null)[];
}

/** Claims x leaves; none unless something was said of the captures, or something is not judged that was demanded. */
export function claimRows({ claims, leaves }: Pick<Judgement, 'claims' | 'leaves'>): readonly ClaimRow[] {
  if (claims === undefined) return [];
  const rows = CLAIMS.map((claim) => ({
    claim,
    isDemanded: claims.demanded.includes(claim),
    why: leaves.map((leaf) => claims.notJudged[leaf]?.[claim] ?? null),
  }));
  const isOpen = rows.some(({ isDemanded, why }) => isDemanded && why.some((text) => text !== null));
  return Object.keys(claims.vantages).length > 0 || isOpen ? rows : [];
}

/** Copies on two leaves are needed to say how far apart they came. */
export function isSkewJudged({ claims, leaves }: Pick<Judgement, 'claims' | 'leaves'>): boolean {
  return claims === undefined || leaves.filter((leaf) => claims.notJudged[leaf]?.skew === undefined).length > 1;
}

/** Whether the captures of all leaves carry this claim, in all judgements. */
export function isJudgedEverywhere(
  claim: ClaimName,
  judgements: readonly (Pick<Judgement, 'claims' | 'leaves'> | null)[],
): boolean {
  return judgements.every(
    (judgement) =>
      judgement?.claims === undefined ||
      judgement.leaves.every((leaf) => judgement.claims?.notJudged[leaf]?.[claim] === undefined),
  );
}
