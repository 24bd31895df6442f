/** One filter of `tc -j filter show`, as far as it is read. */
export interface ShownFilter {
  readonly kind?: string;
  readonly pref?: number;
  readonly protocol?: string;
  readonly options?: {
    readonly handle?: string;
    readonly 'direct-action'?: boolean;
    readonly prog?: { readonly tag?: string };
    readonly bytecode?: {
      readonly insns?: readonly { readonly code: number; readonly jt: number; readonly jf: number; readonly k: number }[];
    };
    readonly actions?: readonly Readonly<Record<string, unknown>>[];
  };
}

/**
 * The filters of a hook that have something to say; tc lists each preference a second time without its options. Throws
 * SyntaxError where it is no JSON.
 */
export function filtersIn(listing: string): readonly ShownFilter[] {
  return (JSON.parse(listing || '[]') as readonly ShownFilter[]).filter(({ options }) => options !== undefined);
}
