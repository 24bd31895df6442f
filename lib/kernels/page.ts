import { groupBy } from '../groupBy.js';
import { ANNOUNCEMENTS } from './announcements.js';
import type { KernelResult } from './kernel.js';
import { AFTER_RECOVERY } from './recovery.js';
import type { Cell, StateResult } from './state.js';
import { WAYS } from './ways.js';

const STATES = ['off', 'on'] as const;

/** What there is a table of. */
const PARTS = [...WAYS, AFTER_RECOVERY, ANNOUNCEMENTS];

/** Columns of a terminal that everybody has. */
const WIDTH = 100;

/** What was seen, in a word; figures where it is neither of the two plain ways; marked where it is not what was due. */
function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return '-';
  const text =
    cell.seen === 'each-leaf'
      ? 'each leaf'
      : cell.seen === 'one-leaf'
        ? 'one leaf'
        : cell.seen === 'none'
          ? 'none'
          : `${Object.values(cell.leaves).join('/')} of ${cell.sent}`;
  return cell.verdict === 'pass' || cell.duty === 'unjudged' ? text : `${text} (${cell.verdict})`;
}

/** Where two kernels differ, with the option in the same state. */
export interface Difference {
  readonly older: string;
  readonly newer: string;
  readonly sentence: string;
}

const stateOf = (kernel: KernelResult, state: (typeof STATES)[number]): StateResult | null => kernel[state];

/** When a kernel announces that a port is back; null where it does not. */
function timeliness(state: StateResult | null): string | null {
  const announced = Object.values(state?.cells[ANNOUNCEMENTS.id] ?? {}).some(({ seen }) => seen !== 'none');
  if (!announced) return null;
  return (state?.notes ?? []).length > 0 ? 'some before the port is in use' : 'all in time';
}

/** Differences between each kernel and the next in the list. */
export function differencesOf(kernels: readonly KernelResult[]): readonly Difference[] {
  return kernels.slice(1).flatMap((newer, at): Difference[] => {
    const older = kernels[at];
    if (older === undefined) return [];
    const between = (sentence: string): Difference => ({ older: older.version, newer: newer.version, sentence });
    const option =
      older.option === newer.option ? [] : [between(`broadcast_neighbor: ${older.option}, then ${newer.option}`)];
    const cells = STATES.flatMap((state) =>
      PARTS.flatMap(({ id, title }) => {
        const before = stateOf(older, state)?.cells[id] ?? {};
        const changed = Object.entries(stateOf(newer, state)?.cells[id] ?? {}).flatMap(([kind, cell]) => {
          const was = before[kind];
          return was === undefined || was.seen === cell.seen ? [] : [[cellText(was), cellText(cell), kind] as const];
        });
        const alike = groupBy(changed, ([was, now]) => `${was}, then ${now}`);
        return [...alike].map(([change, rows]) =>
          between(`${state}, ${title}: ${change}: ${rows.map(([, , kind]) => kind).join(', ')}`),
        );
      }),
    );
    // Of a kernel that announces nothing there is nothing to be early.
    const early = STATES.flatMap((state) => {
      const [was, now] = [older, newer].map((kernel) => timeliness(stateOf(kernel, state)));
      return was === undefined || now === undefined || was === null || now === null || was === now
        ? []
        : [between(`${state}, ${ANNOUNCEMENTS.title}: ${was}, then ${now}`)];
    });
    return [...option, ...cells, ...early];
  });
}

/** The page: one row for all kinds that every kernel treats alike. */
export function kernelsPage(kernels: readonly KernelResult[]): string {
  return [
    ...kernels.flatMap(headOf),
    ...PARTS.flatMap(({ id, title }) => ['', `Frames ${title}:`, ...tableOf(kernels, id)]),
    '',
    ...differencesText(kernels),
  ].join('\n');
}

function headOf({
  version,
  release,
  image,
  verdict,
  option,
  said,
  reasons,
  notes = [],
}: KernelResult): readonly string[] {
  const proof =
    option === 'unsupported'
      ? `broadcast_neighbor is unsupported${verdict === 'pass' ? ', and every frame is sent once: see below' : ''} (asked for it: ${said})`
      : `broadcast_neighbor is ${option}`;
  return [
    `${version} (${release}${image === undefined ? '' : `, ${image}`}): ${verdict}; ${proof}`,
    ...reasons.map((reason) => `  ${reason}`),
    ...notes.map((note) => `  note: ${note}`),
  ];
}

function tableOf(kernels: readonly KernelResult[], way: string): readonly string[] {
  const columns = kernels.flatMap((kernel) => STATES.map((state) => ({ kernel, state })));
  const cells = ({ kernel, state }: (typeof columns)[number]) => stateOf(kernel, state)?.cells[way] ?? {};
  const kinds = [...new Set(columns.flatMap((column) => Object.keys(cells(column))))];
  const rows = groupBy(kinds, (kind) => JSON.stringify(columns.map((column) => cellText(cells(column)[kind]))));
  const head = columns.map(({ kernel, state }) => `${kernel.version} ${state}`);
  const lines = [...rows].map(([texts, alike]) => ({ texts: JSON.parse(texts) as string[], alike }));
  const widths = head.map((text, at) => Math.max(text.length, ...lines.map(({ texts }) => texts[at]?.length ?? 0)));
  const row = (texts: readonly string[]): string =>
    texts
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    `  ${row(head)}`,
    ...lines.flatMap(({ texts, alike }) => [`  ${row(texts)}`, ...wrapped(alike).map((line) => `      ${line}`)]),
  ];
}

/** Words in lines, with commas between them. */
function wrapped(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  words.forEach((word, at) => {
    const text = at === words.length - 1 ? word : `${word},`;
    const last = lines.at(-1);
    if (last === undefined || last.length + text.length + 7 > WIDTH) lines.push(text);
    else lines[lines.length - 1] = `${last} ${text}`;
  });
  return lines;
}

function differencesText(kernels: readonly KernelResult[]): readonly string[] {
  if (kernels.length < 2) return [];
  const differences = differencesOf(kernels);
  if (differences.length === 0) return ['These kernels do not differ.'];
  return differences.map(({ older, newer, sentence }) => `From ${older} to ${newer}: ${sentence}`);
}
