import { isAbout, isOver, type KnownEntry } from './known.js';

/** What the known entries say of the findings of one test. */
export interface Excused {
  /** Findings that an entry covers. */
  readonly covered: readonly { readonly signature: string; readonly entry: KnownEntry }[];
  /** Findings whose entry is over. */
  readonly expired: readonly { readonly signature: string; readonly entry: KnownEntry }[];
  /** Findings that no entry names. */
  readonly open: readonly string[];
}

/** The known entries as they count at one place on one day. */
export interface Excuses {
  /** @param kinds of entries that may cover findings here */
  of(test: string, signatures: readonly string[], kinds: readonly KnownEntry['kind'][]): Excused;
  /** Entries without a finding. The one that is not over yet first. */
  whole(test: string, kind: 'skip' | 'vanished'): { readonly entry: KnownEntry; readonly isOver: boolean } | null;
}

/** @param today the day as `2026-11-28`, in UTC */
export function excusesAt(known: readonly KnownEntry[], place: string, today: string): Excuses {
  // An entry whose first day is still to come excuses nothing.
  const here = known.filter((entry) => isAbout(entry, place) && entry.since <= today);
  return {
    of(test, signatures, kinds) {
      const own = here.filter((entry) => entry.test === test && kinds.includes(entry.kind));
      const found = signatures.map((signature) => {
        const entries = own.filter((entry) => entry.signature === signature);
        const valid = entries.find((entry) => !isOver(entry, today));
        return { signature, valid, over: entries[0] };
      });
      return {
        covered: found.flatMap(({ signature, valid }) => (valid === undefined ? [] : [{ signature, entry: valid }])),
        expired: found.flatMap(({ signature, valid, over }) =>
          valid === undefined && over !== undefined ? [{ signature, entry: over }] : [],
        ),
        open: found.flatMap(({ signature, valid, over }) =>
          valid === undefined && over === undefined ? [signature] : [],
        ),
      };
    },
    whole(test, kind) {
      const own = here.filter((entry) => entry.test === test && entry.kind === kind);
      const entry = own.find((one) => !isOver(one, today)) ?? own[0];
      return entry === undefined ? null : { entry, isOver: isOver(entry, today) };
    },
  };
}

/** `TICKET, of OWNER, until DAY` */
export function entryText({ issue, owner, until }: KnownEntry): string {
  return `${issue}, of ${owner}, until ${until}`;
}
