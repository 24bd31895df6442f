/** What a matcher is about: what the replicator did, or only whether the stimulus worked. */
export type About = 'replicator' | 'stimulus';

/** What a matcher returns. */
export interface MatcherResult {
  readonly name: string;
  readonly about: About;
  readonly pass: boolean;
  message(): string;
}

/**
 * The result of a matcher.
 *
 * @param problem what did not hold, one sentence; null when all did
 * @param about 'stimulus' where a failure shows nothing about the replicator: the experiment is then inconclusive.
 * 'replicator', the default, makes it fail
 * @param details more lines for the message
 */
export function matcherResult({
  name,
  problem,
  about = 'replicator',
  details = [],
}: {
  readonly name: string;
  readonly problem: string | null;
  readonly about?: About;
  readonly details?: readonly string[];
}): MatcherResult {
  return { name, about, pass: problem === null, message: () => [problem ?? `${name} held`, ...details].join('\n') };
}

/**
 * The error of an expectation that did not hold: a statement about replicator or stimulus, unlike every other error.
 */
export type ExpectationError = Error & { readonly matcherResult: { readonly name: string; readonly about?: unknown } };

export function isExpectation(error: unknown): error is ExpectationError {
  return error instanceof Error && 'matcherResult' in error && typeof error.matcherResult === 'object';
}

/**
 * What an expectation is about. By default it is about the replicator: `toEqual` and the like, applied to what it did.
 */
export function aboutOf(error: ExpectationError): About {
  return error.matcherResult.about === 'stimulus' ? 'stimulus' : 'replicator';
}
