import type { TagForm } from '../../wire/kinds.js';
import type { Finding, Signature } from '../types.js';
import type { SettledPattern } from './totals.js';

/** A sender: the name that evidence and options use, and the MAC that a capture shows. */
export interface Sender {
  readonly name: string;
  readonly mac: string | null;
}

/**
 * All probes of one sender, kind and form with the same problem on the same leaf; leaf -1 where no leaf is to blame.
 */
export interface Claim {
  readonly property: Finding['property'];
  readonly signature: Signature;
  readonly leaf: number;
  readonly sender: number;
  readonly kind: number;
  readonly form: TagForm;
  count: number;
  /** Probes of this sender, kind and form that could have had this problem. */
  of: number;
  readonly patterns: SettledPattern[];
}

export interface ClaimContext {
  readonly leaves: readonly string[];
  readonly senders: readonly Sender[];
  readonly lateNs: number;
  readonly maxSkewNs: number | undefined;
  /** When a probe was sent, ns after the window opened; absent where it does not matter or is unknown. */
  readonly sentNs?: (probe: number) => number;
}
