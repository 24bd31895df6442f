import { ALTERATIONS } from './alterations.js';
import { COPIES } from './copies.js';
import { LOSSES } from './losses.js';
import { RELAYED } from './relayed.js';
import { RETURNS } from './returns.js';
import type { Tamper } from './types.js';

/** Every built-in tamper. */
export const TAMPERS: readonly Tamper[] = [...LOSSES, ...COPIES, ...ALTERATIONS, ...RELAYED, ...RETURNS];
