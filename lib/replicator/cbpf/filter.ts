import { HANDLE, PREF, type EgressFilter } from '../tc/egress.js';
import { filtersIn } from '../tc/listing.js';
import { bytecode } from './assemble.js';
import { MARK, PROGRAM } from './program.js';

/** Words of tc(8): marked first, then copied, and the frame itself goes on. */
function actions(others: readonly string[]): readonly string[] {
  if (others.length === 0) return ['action', 'ok'];
  const copies = others.flatMap((other) => ['pipe', 'action', 'mirred', 'egress', 'mirror', 'dev', other]);
  return ['action', 'skbedit', 'mark', `${MARK}`, ...copies];
}

const wordOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? `${value}` : '');

/** An action in one line: what it does, and to whom. */
function said(action: Readonly<Record<string, unknown>>): string {
  const words = ['kind', 'mark', 'mirred_action', 'direction', 'to_dev'].map((name) => wordOf(action[name]));
  return words.filter((word) => word !== '').join(' ');
}

/** P15: one program, ours, and behind it the mark and a copy for each of these ports. */
export function wrongIn(listing: string, others: readonly string[]): readonly string[] {
  const filters = filtersIn(listing, PREF);
  const [filter] = filters;
  if (filter === undefined) return ['it has no filter'];
  const { options } = filter;
  const wanted =
    others.length === 0 ? ['gact'] : [`skbedit ${MARK}`, ...others.map((other) => `mirred mirror egress ${other}`)];
  const found = (options?.actions ?? []).map(said);
  const insns = (options?.bytecode?.insns ?? []).map(({ code, jt, jf, k }) => ({ code, jt, jf, k }));
  return [
    ...(filters.length === 1 ? [] : [`${filters.length} filters instead of 1`]),
    ...(filter.protocol === 'all' ? [] : ['tagged frames do not get to it']),
    ...(JSON.stringify(insns) === JSON.stringify(PROGRAM) ? [] : ['it has another program']),
    ...(found.join() === wanted.join()
      ? []
      : [`its actions are "${found.join(', ')}" instead of "${wanted.join(', ')}"`]),
  ];
}

export const CBPF_FILTER: EgressFilter = {
  what: 'a classifier at the egress hook of a port, with a mark and copies',
  put: (node, port, others) =>
    node.exec(
      [
        ...['tc', 'filter', 'replace', 'dev', port, 'egress', 'protocol', 'all', 'pref', `${PREF}`],
        ...['handle', HANDLE, 'bpf', 'bytecode', bytecode(PROGRAM), ...actions(others)],
      ],
      { mayFail: true },
    ),
  wrong: (_node, listing, others) => Promise.resolve(wrongIn(listing, others)),
};
