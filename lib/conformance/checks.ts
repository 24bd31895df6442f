import { CHANGE_CHECKS } from './changes.js';
import type { Check } from './check.js';
import { FRAME_CHECKS } from './frames.js';
import { LAB_CHECKS } from './labs.js';
import { MACHINE_CHECKS } from './machines.js';

/** What every testbed must do, whatever it is made of. */
export const CHECKS: readonly Check[] = [...MACHINE_CHECKS, ...FRAME_CHECKS, ...CHANGE_CHECKS, ...LAB_CHECKS];
