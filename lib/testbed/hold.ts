import type { Said } from '../inventory/inventory.js';

/**
 * Machines that others use, too, in the hands of one run, from its beginning to its end: nobody else touches them, they
 * were well before, and they are compared with how they were.
 */
export interface Hold {
  /**
   * Lets the processes of this run that open the testbed work under it (`TestbedChoice.hold`). Who has it may touch the
   * machines: it is handed over in the environment, and not written down.
   */
  readonly pass: string;
  /** What earlier runs had left there, and was undone; sentences. */
  readonly repaired: readonly string[];
  /**
   * Asks the machines what they are, to be called at both ends of a run; absent where the testbed does not ask. Throws where
   * one cannot be asked.
   */
  inventory?(): Promise<readonly Said[]>;
  /**
   * Undoes what is left, compares, and gives the machines back. Nothing more is touched when they were lost meanwhile:
   * then it throws.
   */
  end(): Promise<HoldEnd>;
}

export interface HoldEnd {
  /** What this run had left, and was undone; sentences. */
  readonly repaired: readonly string[];
  /** What is not as it was before; sentences. No further run may use the machines then. */
  readonly differs: readonly string[];
}

/** The variable that carries `Hold.pass` from the command line to the runner. */
export const HOLD_VARIABLE = 'EVERYLEAF_HOLD';
