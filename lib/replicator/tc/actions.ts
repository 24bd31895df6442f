import type { ShownFilter } from './listing.js';

/** "cbp": a frame that already has its copies. A copy passes the hook of its own leg, and would be copied back there. */
export const MARK = 0x63_62_70;

/** Words of tc(8): marked first, then copied, and the frame itself goes on. */
export function copyActions(others: readonly string[]): readonly string[] {
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

/** P15: the mark, and a copy for each of these ports, as `copyActions` asks for. */
export function wrongActions({ options }: ShownFilter, others: readonly string[]): readonly string[] {
  const wanted =
    others.length === 0 ? ['gact'] : [`skbedit ${MARK}`, ...others.map((other) => `mirred mirror egress ${other}`)];
  const found = (options?.actions ?? []).map(said);
  return found.join() === wanted.join()
    ? []
    : [`its actions are "${found.join(', ')}" instead of "${wanted.join(', ')}"`];
}
