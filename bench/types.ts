/** One line of a printed table; every row of a table has the same columns. */
export type Row = Readonly<Record<string, string | number>>;

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface BenchOptions {
  /** Says on stderr what is being measured. */
  readonly progress: (text: string) => void;
  /** How often a build and the old one are measured in turns. */
  readonly pairs: number;
}

/** A measurement against a peer in the same run. It measures; it never asserts. */
export interface Bench {
  readonly name: string;
  readonly title: string;
  run(options: BenchOptions): Promise<readonly Section[]>;
}
