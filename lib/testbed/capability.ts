import type { SkipEntry } from '../evidence/types.js';

/** What is lacking, and the command that showed it, in the form of an experiment's skips. */
export type Lack = SkipEntry;

/** Either the thing, or the command that showed that it cannot be had. */
export type Offer<T> = { readonly ok: true; readonly use: T } | { readonly ok: false; readonly lack: Lack };

export function offer<T>(use: T): Offer<T> {
  return { ok: true, use };
}

export function lacking(lack: Lack): { readonly ok: false; readonly lack: Lack } {
  return { ok: false, lack };
}

/** Applies a function to the thing that is offered; the same lack where it is not. */
export function mapOffer<T, U>(offered: Offer<T>, make: (use: T) => U): Offer<U> {
  return offered.ok ? offer(make(offered.use)) : offered;
}

/**
 * The thing that is offered. Throws LackError where it is not: for code whose needs were checked when the lab was
 * opened.
 */
export function need<T>(offered: Offer<T>): T {
  if (offered.ok) return offered.use;
  throw new LackError([offered.lack]);
}

/**
 * A testbed lacks what was asked of it. Never a verdict: what needs it is skipped, and the skip says which command
 * showed it.
 */
export class LackError extends Error {
  readonly lacks: readonly Lack[];
  constructor(lacks: readonly Lack[]) {
    super(
      lacks.map(({ what, command, output }) => `${what} cannot be had here: "${command}" said: ${output}`).join('; '),
    );
    this.name = 'LackError';
    this.lacks = lacks;
  }
}
