import type { AuditFact } from '../../evidence/types.js';
import { chainOf, MATCHES, TABLE } from './ruleset.js';

/** The output of `nft -j list table` (libnftables-json(5)), as far as it is read. */
interface Listing {
  readonly nftables: readonly { readonly rule?: Rule }[];
}

interface Rule {
  readonly chain: string;
  readonly expr: readonly Readonly<Record<string, unknown>>[];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Ports to which a rule copies. */
function copiesOf({ expr }: Rule): readonly string[] {
  return expr.flatMap(({ dup }) =>
    typeof dup === 'object' && dup !== null && 'addr' in dup ? [textOf(dup.addr)] : [],
  );
}

const sparesMarked = ({ expr }: Rule): boolean =>
  JSON.stringify(expr) === '[{"match":{"op":"!=","left":{"meta":{"key":"mark"}},"right":0}},{"accept":null}]';

/**
 * P15: from each leg's port every sort of neighbor frame is copied to each other one with carrier, and copies are left
 * alone.
 * @param legs ports of all legs @param live those with carrier @param json output of `nft -j list table`; null where
 * there is no such table @param text the same without -j: nft 1.0.6 leaves the device of an egress chain out of its JSON
 */
export function dupFacts(
  legs: readonly string[],
  live: readonly string[],
  json: string | null,
  text: string,
): readonly AuditFact[] {
  const command = `nft -j list table netdev ${TABLE}`;
  if (json === null) return [{ name: 'copies', ok: false, value: text.trim(), command }];
  const rules = (JSON.parse(json) as Listing).nftables.flatMap(({ rule }) => rule ?? []);
  return legs.map((port) => {
    const [first, ...rest] = rules.filter(({ chain }) => chain === chainOf(port));
    const others = live.filter((other) => other !== port);
    const wanted = others.length === 0 ? 0 : MATCHES.length;
    const wrong = [
      ...(new RegExp(`chain ${chainOf(port)} \\{\\s+type filter hook egress device "${port}"`).test(text)
        ? []
        : ['it has no chain']),
      ...(first !== undefined && sparesMarked(first) ? [] : ['what has been copied is not left alone']),
      ...(rest.length === wanted ? [] : [`${rest.length} rules instead of ${wanted}`]),
      ...rest.flatMap((rule) =>
        copiesOf(rule).join() === others.join() ? [] : [`a rule copies to ${copiesOf(rule).join(' and ') || 'nobody'}`],
      ),
    ];
    return {
      name: `copies from ${port}`,
      ok: wrong.length === 0,
      value: wrong.length === 0 ? `to ${others.join(' and ') || 'nobody'}` : wrong.join(', '),
      command,
    };
  });
}
