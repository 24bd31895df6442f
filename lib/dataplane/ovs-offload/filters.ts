/** `tc -s -j filter show`, as far as it is read. */
interface ShownFilter {
  readonly options?: {
    readonly actions?: readonly { readonly kind?: string; readonly cookie?: string }[];
  };
}

/** `tc -j qdisc show`, as far as it is read. */
interface ShownQdisc {
  readonly dev?: string;
  readonly ingress_block?: number;
}

const parsed = (text: string): unknown => JSON.parse(text.trim() === '' ? '[]' : text);

/**
 * How many copies the filters of each cookie make. Throws SyntaxError where it is no JSON.
 * @param listings of `tc -s -j filter show`, one for each port
 */
export function copiesIn(listings: readonly string[]): ReadonlyMap<string, number> {
  const copies = new Map<string, number>();
  for (const { options } of listings.flatMap((text) => parsed(text) as readonly ShownFilter[])) {
    const sent = (options?.actions ?? []).filter(({ kind }) => kind === 'mirred');
    const cookie = sent.find((action) => action.cookie !== undefined)?.cookie;
    if (cookie !== undefined) copies.set(cookie, sent.length);
  }
  return copies;
}

/** The block of filters of each port that has one. Throws SyntaxError where it is no JSON. */
export function blocksIn(listing: string): ReadonlyMap<string, number> {
  return new Map(
    (parsed(listing) as readonly ShownQdisc[]).flatMap(({ dev, ingress_block: block }) =>
      dev === undefined || block === undefined ? [] : [[dev, block] as const],
    ),
  );
}
