import { copyActions, wrongActions } from '../tc/actions.js';
import { HANDLE, PREF, type EgressFilter } from '../tc/egress.js';
import { filtersIn } from '../tc/listing.js';
import { bytecode } from './assemble.js';
import { PROGRAM } from './program.js';

/** P15: one program, ours, and behind it the mark and a copy for each of these ports. */
export function wrongIn(listing: string, others: readonly string[]): readonly string[] {
  const filters = filtersIn(listing, PREF);
  const [filter] = filters;
  if (filter === undefined) return ['it has no filter'];
  const { options } = filter;
  const insns = (options?.bytecode?.insns ?? []).map(({ code, jt, jf, k }) => ({ code, jt, jf, k }));
  return [
    ...(filters.length === 1 ? [] : [`${filters.length} filters instead of 1`]),
    ...(filter.protocol === 'all' ? [] : ['tagged frames do not get to it']),
    ...(JSON.stringify(insns) === JSON.stringify(PROGRAM) ? [] : ['it has another program']),
    ...wrongActions(filter, others),
  ];
}

export const CBPF_FILTER: EgressFilter = {
  what: 'a classifier at the egress hook of a port, with a mark and copies',
  put: (node, port, others) =>
    node.exec(
      [
        ...['tc', 'filter', 'replace', 'dev', port, 'egress', 'protocol', 'all', 'pref', `${PREF}`],
        ...['handle', HANDLE, 'bpf', 'bytecode', bytecode(PROGRAM), ...copyActions(others)],
      ],
      { mayFail: true },
    ),
  wrong: (_node, listing, others) => Promise.resolve(wrongIn(listing, others)),
};
