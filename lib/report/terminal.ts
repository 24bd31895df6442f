import { isJudgedEverywhere } from '../judge/tell/claimRows.js';
import type { ClaimName } from '../judge/vantage/vantages.js';
import { cellText, verdictTone, VERDICT_SYMBOLS, type Tone } from './cellText.js';
import { NO_DETAILS, type ReportDetails } from './details.js';
import { count, millis, nanos, plural } from './format.js';
import { buildMatrix, type RowVariant } from './matrix.js';
import { lossBound } from './lossBound.js';
import { recoveryLines } from './terminalRecovery.js';
import { renderControls } from './terminalControls.js';
import { pad, paint, printable, wrap, type Style } from './terminalText.js';
import type { RunReport } from '../run/result.js';

export interface TerminalOptions {
  /** ANSI colours; words and symbols say the same without them. */
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Path of the HTML page, printed last. */
  readonly report?: string;
  /** With the evidence the matrix is split by fault state. */
  readonly details?: ReportDetails;
  /** Reasons printed before the rest is left to the page; 12 by default. */
  readonly maxReasons?: number;
}

const STYLES: Readonly<Record<Tone, Style>> = { good: 'green', bad: 'red', unsure: 'yellow', quiet: 'dim' };

/** Skips that are printed before the rest is left to the page. */
const SKIPS_SHOWN = 6;

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

/** Each once, however many scenarios had it. */
function distinctSkips(skips: RunReport['skips']): RunReport['skips'] {
  return [...new Map(skips.map((skip) => [`${skip.what}\n${skip.command}`, skip])).values()];
}

/** Verdict, matrix, controls, reasons and the page's path, for a terminal or a log file. Ends with a newline. */
export function renderTerminal(run: RunReport, options: TerminalOptions): string {
  const style = (text: string, name: Style): string => (options.color ? paint(text, name) : text);
  const width = Math.max(40, options.width);
  const lines: string[] = [...matrixLines(run, options, style), ...renderControls(run.controls, width, style)];
  const { totals, skew } = run;
  const judgements = run.experiments.map(({ judgement }) => judgement);
  const isJudged = (claim: ClaimName): boolean => isJudgedEverywhere(claim, judgements);
  const oneIn = isJudged('missing') ? lossBound(totals) : null;
  const bad = (['missing', 'duplicate', 'altered', 'late', 'unexpected', 'reflected'] as const)
    .filter((name) => totals[name] > 0)
    .map((name) => `${count(totals[name])} ${name}`);
  lines.push(
    `${count(totals.delivered)} of ${plural(totals.probes, 'neighbor frame', 'neighbor frames')} on every leaf ${isJudged('once') ? 'exactly' : 'at least'} once${bad.length > 0 ? `; ${style(bad.join(', '), 'red')}` : ''}${oneIn === null ? '' : `; had one in ${count(oneIn)} lost a copy by chance, it would have shown (95 % sure)`}`,
    `${count(totals.dataDuplicated)} of ${plural(totals.dataFrames, 'data frame', 'data frames')} sent more than once${skew === null ? '' : `; skew p50 ${nanos(skew.p50Ns)}, p99 ${nanos(skew.p99Ns)}, max ${nanos(skew.maxNs)}${skew.errorNs === undefined ? '' : `, ± ${nanos(skew.errorNs)}`}`}`,
  );
  lines.push(...recoveryLines(run));
  const skips = distinctSkips(run.skips);
  for (const { what, command, output } of skips.slice(0, SKIPS_SHOWN))
    lines.push(...wrap(`skipped, for want of ${what}: "${command}" said: ${oneLine(output)}`, width));
  if (skips.length > SKIPS_SHOWN)
    lines.push(`${plural(skips.length - SKIPS_SHOWN, 'more skip', 'more skips')} in the report`);
  if (run.phases.length > 0)
    lines.push(`time: ${run.phases.map((phase) => `${phase.name} ${millis(phase.ms)}`).join(', ')}`);
  lines.push(
    '',
    style(`${VERDICT_SYMBOLS[run.verdict]} ${run.verdict}: `, STYLES[verdictTone(run.verdict)]) + run.sentence,
  );
  const most = options.maxReasons ?? 12;
  for (const reason of run.reasons.slice(0, most))
    lines.push(...wrap(reason, width - 4).map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`)));
  if (run.reasons.length > most)
    lines.push(`  - ${plural(run.reasons.length - most, 'more reason', 'more reasons')} in the report`);
  if (options.report !== undefined) lines.push('', `report: ${options.report}`);
  return `${lines.map((line) => printable(line.trimEnd())).join('\n')}\n`;
}

/** The remark after the kind where a row has a special rule. */
const SUFFIXES: Readonly<Record<RowVariant, string>> = {
  judged: '',
  recorded: '',
  'on-host': ' on the host',
  'from-leaf': ' from a leaf',
};

/**
 * Kinds x leaves; one table per fault state, side by side for each data plane, in blocks as wide as the terminal
 * allows.
 */
function matrixLines(
  run: RunReport,
  options: TerminalOptions,
  style: (text: string, name: Style) => string,
): readonly string[] {
  const lines: string[] = [];
  for (const section of buildMatrix(run, options.details ?? NO_DETAILS)) {
    const texts = section.rows.map((row) => ({
      title: `${row.kind.id}${SUFFIXES[row.variant]}`,
      groups: row.groups.map((group) =>
        group.cells.map((cell) => {
          const text = cellText(cell, group.duty);
          return {
            plain: [text.symbol, text.count, text.word].filter((part) => part !== '').join(' '),
            tone: text.tone,
          };
        }),
      ),
    }));
    const first = Math.max(4, ...texts.map((row) => row.title.length));
    const cell = Math.max(
      ...section.leaves.map((leaf) => leaf.length),
      ...texts.flatMap((row) => row.groups.flat().map((text) => text.plain.length)),
    );
    const planeWidth = section.leaves.length * (cell + 2);
    const perBlock = Math.max(1, Math.floor((options.width - first - 2) / planeWidth));
    lines.push(style(section.state.title, 'bold'));
    for (let from = 0; from < section.planes.length; from += perBlock) {
      const planes = section.planes.slice(from, from + perBlock);
      lines.push(pad('', first) + planes.map((plane) => `  ${pad(plane, planeWidth - 2)}`).join(''));
      lines.push(
        style(
          pad('kind', first) + planes.map(() => section.leaves.map((leaf) => `  ${pad(leaf, cell)}`).join('')).join(''),
          'dim',
        ),
      );
      for (const row of texts) {
        lines.push(
          pad(row.title, first) +
            row.groups
              .slice(from, from + perBlock)
              .map((group) => group.map((text) => `  ${style(pad(text.plain, cell), STYLES[text.tone])}`).join(''))
              .join(''),
        );
      }
      lines.push('');
    }
  }
  return lines;
}
