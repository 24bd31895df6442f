import { KINDS } from '../../wire/kinds.js';
import type { CellCounts, ClaimsJudged, Judgement, Verdict } from '../types.js';
import { CLAIM_TEXT, CLAIMS, type ClaimName } from '../vantage/vantages.js';
import { claimRows, isJudgedEverywhere, isSkewJudged } from './claimRows.js';
import { duration, listed, some } from './phrasing.js';

/** One sentence that a release manager can sign. */
export function verdictSentence(judgement: Judgement): string {
  const { totals, leaves, findings } = judgement;
  const every = leaves.length === 2 ? `both ${listed(leaves)}` : `all ${leaves.length} leaves`;
  switch (judgement.verdict) {
    case 'pass':
      return totals.probes > 0
        ? `${reachedSentence(judgement, every)}${openClaims(judgement)}.`
        : `Each of ${some(totals.dataFrames, 'frame')} that must be sent once was sent once.`;
    case 'fail': {
      const bad = findings.filter((finding) => finding.verdict === 'fail');
      const leavesAtFault = [...new Set(bad.flatMap((finding) => (finding.leaf === undefined ? [] : [finding.leaf])))];
      const share =
        totals.probes > 0
          ? `; ${totals.delivered} of ${some(totals.probes, 'neighbor frame')} reached every leaf exactly once`
          : '';
      return `${some(bad.length, 'thing')} went wrong${leavesAtFault.length === 0 ? '' : ` on ${listed(leavesAtFault)}`}${share}${openClaims(judgement)}.`;
    }
    case 'inconclusive':
      return `The captures do not prove it either way${openClaims(judgement)}.`;
    case 'blocked':
      return 'Something broke before the subject could be tested.';
    case 'skipped':
      return 'Nothing was tested.';
  }
}

/** A pass says what it stands for. */
function reachedSentence({ totals, leaves, claims }: Judgement, every: string): string {
  const isOpen = (claim: ClaimName): boolean => isNotJudged(claims, leaves, claim);
  const data =
    totals.dataFrames > 0 && !isOpen('data')
      ? `, and each of ${some(totals.dataFrames, 'other frame')} was sent once`
      : '';
  return `Each of ${some(totals.probes, 'neighbor frame')} reached ${every} ${isOpen('once') ? 'at least once' : 'exactly once'}${data}`;
}

/** What nobody may take the verdict for. */
function openClaims({ claims, leaves }: Judgement): string {
  if (claims === undefined) return '';
  const isVantageSaid = Object.keys(claims.vantages).length > 0;
  const open = CLAIMS.filter((claim) => {
    if (claim === 'reached' || !isNotJudged(claims, leaves, claim)) return false;
    // Without options of their own these are not looked for, which a note says.
    if (claim === 'reflection') return claims.demanded.includes(claim);
    return claim !== 'skew' || isVantageSaid || claims.demanded.includes(claim);
  });
  return open.length === 0 ? '' : `; ${open.map((claim) => CLAIM_TEXT[claim]).join(', ')}: not judged here`;
}

function isNotJudged(claims: ClaimsJudged | undefined, leaves: readonly string[], claim: ClaimName): boolean {
  return claims !== undefined && !isJudgedEverywhere(claim, [{ claims, leaves }]);
}

/** A verdict as the first word of what is told. */
export const VERDICT_WORD: Readonly<Record<Verdict, string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
  blocked: 'BLOCKED',
  skipped: 'SKIPPED',
};

/** Verdict, matrix and reasons as lines of a terminal or a log, without colours. Ends with a line feed. */
export function judgementText(judgement: Judgement): string {
  const lines = [`${VERDICT_WORD[judgement.verdict]}: ${verdictSentence(judgement)}`, '', ...matrixText(judgement)];
  const { totals, skew } = judgement;
  lines.push(
    `neighbor frames ${totals.probes}: delivered ${totals.delivered}; missing ${totals.missing}, duplicate ${totals.duplicate}, late ${totals.late}, altered ${totals.altered}, unexpected ${totals.unexpected} (frame-leaf pairs)`,
    `frames to be sent once ${totals.dataFrames}: copied ${totals.dataDuplicated}; frames that came back ${totals.reflected}${totals.inBand > 0 ? `; in don't-care bands ${totals.inBand}` : ''}`,
  );
  const judgedNs = Number(BigInt(judgement.window.toNs) - BigInt(judgement.window.fromNs));
  if (judgedNs > 0) lines.push(`time judged: ${duration(judgedNs)}`);
  if (skew !== null && isSkewJudged(judgement))
    lines.push(
      `skew between copies: p50 ${duration(skew.p50Ns)}, p99 ${duration(skew.p99Ns)}, max ${duration(skew.maxNs)}${skew.errorNs === undefined ? '' : `, ± ${duration(skew.errorNs)}`}`,
    );
  for (const [leaf, clock] of Object.entries(judgement.clock)) {
    lines.push(
      `clock of ${leaf}: ${duration(Number(clock.offsetNs))} ahead${clock.against === undefined ? '' : ` of ${clock.against}`}, drift ${clock.driftPpm} ppm, error ${duration(Number(clock.errorNs))}`,
    );
  }
  lines.push(...claimsText(judgement));
  if (judgement.reasons.length > 0) lines.push('', ...judgement.reasons.map((reason) => `- ${reason}`));
  const notes = judgement.findings
    .filter((finding) => finding.verdict === 'note')
    .map((finding) => `  note: ${finding.sentence}`);
  if (notes.length > 0)
    lines.push('', ...notes.slice(0, 12), ...(notes.length > 12 ? [`  and ${notes.length - 12} more notes`] : []));
  return `${lines.map(printable).join('\n')}\n`;
}

/** Names come from files and options: no control character of theirs reaches a terminal. */
function printable(line: string): string {
  return line.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}

function claimsText(judgement: Judgement): string[] {
  const { leaves } = judgement;
  const rows = claimRows(judgement).map(({ claim, why }) => [
    claim,
    ...why.map((text) => (text === null ? 'judged' : '·')),
  ]);
  if (rows.length === 0) return [];
  return ['', ...aligned([['claim', ...leaves], ...rows]), '· = not judged here'];
}

function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function matrixText({ matrix, leaves }: Judgement): string[] {
  if (matrix === undefined) return [];
  const rows = KINDS.flatMap((entry): string[][] => {
    const row = matrix[entry.id];
    return row === undefined ? [] : [[entry.id, ...leaves.map((leaf) => cellText(row[leaf]))]];
  });
  if (rows.length === 0) return [];
  return [...aligned([['kind', ...leaves], ...rows]), ''];
}

function cellText(cell: CellCounts | undefined): string {
  const open = (cell?.notJudged ?? 0) + (cell?.partlyJudged ?? 0);
  if (cell === undefined || cell.frames === 0) {
    if (open > 0) return '·';
    return cell !== undefined && cell.unclaimed > 0 ? '?' : '-';
  }
  const wrong = (['missing', 'duplicate', 'late', 'altered', 'unexpected'] as const)
    .filter((name) => cell[name] > 0)
    .map((name) => `${cell[name]} ${name}`);
  return [
    `${cell.delivered}/${cell.frames}`,
    ...wrong,
    ...(cell.unclaimed > 0 ? [`${cell.unclaimed} ?`] : []),
    ...(open === 0 ? [] : [`${open} ·`]),
  ].join(', ');
}
