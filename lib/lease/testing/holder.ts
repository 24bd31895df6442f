import type { Holder } from '../types.js';

export const HOLDER: Holder = { who: 'qa', where: 'station', run: 'a test', since: '2026-01-02T03:04:05.000Z' };

/** A token that can be told by its first character. */
export function tokenOf(character: string): string {
  return character.repeat(32);
}
