/** What `assembly/matcher.ts` exports. */
export interface MatcherModule {
  useTables(list: number, limits: number): void;
  useEntries(list: number, capacity: number): void;
  run(lastNs: number): number;
  /** 0: false. */
  step(untilNs: number): number;
  expire(beforeNs: number): void;
}

/** What it calls where it does not go on by itself. */
export interface MatcherCalls {
  /** One more copy on a leaf that has one, of the entry at `place`. */
  noteExtra(place: number, leaf: number, ns: number, offset: number): void;
  /** Number over all captures of a sender that has none yet in a leaf's map. */
  numberOf(leaf: number, own: number): number;
  /** The oldest entry is to be closed and needs more than counting. */
  closeOldest(): void;
  /** There is no room for one more entry. */
  makeRoom(): void;
  /** Orphans that came before a corrected time get no more copies. */
  expireOrphans(beforeNs: number): void;
  /** A block of what a leaf's clock was observed by is full. */
  correct(leaf: number, ns: number): void;
}

/** The compiled matcher and the memory in which the rings are. */
export interface FastMatching {
  readonly buffer: ArrayBufferLike;
  /** From here on it is free and all zero. */
  readonly from: number;
  readonly load: (calls: MatcherCalls) => MatcherModule;
}
