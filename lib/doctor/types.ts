/** One thing this machine may or may not be able to do, and how to find out: by doing it. */
export interface Capability {
  readonly name: string;
  /** What does not work without it. */
  readonly neededFor: string;
  readonly need: 'required' | 'optional';
  /** Programs that `script` calls; when one is not found, the script is not tried. */
  readonly tools: readonly string[];
  /** Debian packages that bring the tools that set-up does not install by itself. */
  readonly debian?: string;
  /**
   * Shell commands (`sh -e`), run with all rights in separate namespaces. Each `$W` is an empty folder that
   * vanishes.
   */
  readonly script: string;
  /** The one command of `script` that shows it, for people; the whole script when it is one line. */
  readonly command?: string;
}

/** The result of a probe. */
export interface Finding {
  readonly name: string;
  readonly neededFor: string;
  readonly need: Capability['need'];
  readonly works: boolean;
  /** The command that showed it: the probe's own when it works, else the one that failed. */
  readonly command: string;
  /** What the failing command printed, at most a few lines; empty when it works. */
  readonly said: string;
  /** What to do about it; null when nothing is known. */
  readonly hint: string | null;
}
