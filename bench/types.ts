/** One line of a printed table; every row of a table has the same columns. */
export type Row = Readonly<Record<string, string | number>>;

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** A measurement against a peer in the same run. It measures; it never asserts. */
export interface Bench {
  readonly name: string;
  readonly title: string;
  /** @param progress says on stderr what is being measured */
  run(progress: (text: string) => void): Promise<readonly Section[]>;
}
