/** Who holds a lease, as told to everybody else. */
export interface Holder {
  readonly who: string;
  readonly where: string;
  /** What it is held for. */
  readonly run: string;
  /** When it was taken, by the holder's clock (ISO 8601, UTC). */
  readonly since: string;
}

/**
 * What became of a lease: `early`: the machine that keeps it has restarted, and leases from before may still be in use;
 * `damaged`: what is kept there cannot be read, and is in doubt for one lifetime; `unknown`: nobody says.
 */
export interface LeaseState {
  readonly is: 'free' | 'held' | 'early' | 'damaged' | 'unknown';
  /** Until it is free unless it is renewed; 0 where it is, null where nobody says. */
  readonly secondsLeft: number | null;
  readonly holder: Holder | null;
  /** What a program of the user's said. */
  readonly said: string | null;
}

/**
 * `regain`: a renewal of a lease that has run out, and that nobody has taken since: one step at its keeper, so that of a
 * regain and a take at the same instant exactly one succeeds.
 */
export type LeaseOperation = 'take' | 'renew' | 'regain' | 'give';

export interface LeaseAnswer {
  /** Whether the operation was done: after `take`, `renew` and `regain` the token holds the lease, after `give` nobody does. */
  readonly done: boolean;
  /** How things are now. */
  readonly state: LeaseState;
}

/**
 * The place where the lease of a binding is kept. Only the token that holds a lease can renew it or give it back. Asking
 * again with the same token after an answer that got lost does no harm.
 */
export interface LeaseKeeper {
  readonly binding: string;
  /** A lease that is not renewed ends after this time. */
  readonly seconds: number;
  /** It can `regain`, and is asked for that only then. */
  readonly regains?: boolean;
  ask(operation: LeaseOperation, token: string, holder: Holder): Promise<LeaseAnswer>;
  show(): Promise<LeaseState>;
}
