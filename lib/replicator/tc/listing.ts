/** One filter of `tc -j filter show`, as far as it is read. */
export interface ShownFilter {
  readonly kind?: string;
  readonly pref?: number;
  readonly protocol?: string;
  readonly options?: {
    /** A word of bpf, a number of flower. */
    readonly handle?: string | number;
    /** What a filter of flower takes. */
    readonly keys?: Readonly<Record<string, unknown>>;
    /** The mark that a filter of u32 takes, and which of its bits. */
    readonly fwmark_value?: string;
    readonly fwmark_mask?: string;
    readonly 'direct-action'?: boolean;
    readonly prog?: { readonly tag?: string };
    readonly bytecode?: {
      readonly insns?: readonly {
        readonly code: number;
        readonly jt: number;
        readonly jf: number;
        readonly k: number;
      }[];
    };
    readonly actions?: readonly Readonly<Record<string, unknown>>[];
  };
}

/**
 * The filters of a hook that have this preference; tc lists it once more without options. Throws SyntaxError where it is
 * no JSON.
 */
export function filtersIn(listing: string, preference: number): readonly ShownFilter[] {
  const all = JSON.parse(listing || '[]') as readonly ShownFilter[];
  return all.filter(({ options, pref }) => options !== undefined && pref === preference);
}
