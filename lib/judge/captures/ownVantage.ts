import { ENCAPSULATIONS } from '../../wire/encapsulation.js';
import { UNDECLARED, type Vantage, type VantageName } from '../vantage/vantages.js';
import type { FeedEnd } from './feed.js';
import { fits } from './selection.js';

const BY_NAME: Readonly<Partial<Record<(typeof ENCAPSULATIONS)[number]['name'], VantageName>>> = {
  'ERSPAN I': 'erspan',
  'ERSPAN II': 'erspan',
  'ERSPAN III': 'erspan3',
};

/**
 * What a capture says of its vantage itself. ERSPAN is told by its headers, and its sequence numbers count losses; type I
 * has none, and a note says that nothing is taken to be lost.
 */
export function ownVantage(end: FeedEnd | null): Vantage {
  if (end === null || end.selection.by !== 'session') return UNDECLARED;
  const { selection } = end;
  const sessions = end.encapsulated.sessions.filter((session) => fits(selection, session));
  const names = new Set(sessions.map(({ type }) => BY_NAME[ENCAPSULATIONS[type]?.name ?? 'GRE'] ?? null));
  const [name = null, ...others] = names;
  if (name === null || others.length > 0) return UNDECLARED;
  return { name, losses: sessions.reduce((sum, { lost }) => sum + (lost ?? 0), 0) };
}
