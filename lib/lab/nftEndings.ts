import { z } from 'zod';
import type { Ending } from '../dataplane/ending.js';
import type { Node } from '../testbed/node.js';
import { lacking, offer, type Offer } from '../testbed/capability.js';
import { inOneLine } from '../inOneLine.js';

const LIST = ['nft', '-j', 'list', 'ruleset'];

const element = z.object({ elem: z.object({ val: z.unknown(), expires: z.number().optional() }) });
const set = z.object({
  family: z.string(),
  table: z.string(),
  name: z.string(),
  elem: z.array(z.unknown()).optional(),
});
/** The part of libnftables-json(5) that is read. */
const listing = z.object({
  nftables: z.array(z.object({ set: set.optional(), map: set.optional() })),
});

/** Elements of sets and maps that expire, in what `nft -j list ruleset` says; `expires` is in seconds there. */
export function nftEndings(json: string): readonly Ending[] {
  return listing.parse(JSON.parse(json)).nftables.flatMap((one) => {
    const found = one.set ?? one.map;
    if (found === undefined) return [];
    const { family, table, name, elem = [] } = found;
    return elem.flatMap((entry) => {
      // An element of a map is a pair: the key with its time, and the value.
      const parsed = element.safeParse(Array.isArray(entry) ? entry[0] : entry);
      const { val, expires } = parsed.data?.elem ?? {};
      if (expires === undefined) return [];
      const what = `element ${JSON.stringify(val)} of ${family} ${table} ${name}`;
      // Parts of a second are cut off.
      return [{ what, ageMs: null, leftMs: (expires + 1) * 1000 }];
    });
  });
}

/** The same of a node; lacking where its rules cannot be read. */
export async function readNftEndings(node: Node): Promise<Offer<readonly Ending[]>> {
  const { code, stdout, stderr } = await node.exec(LIST, { mayFail: true });
  if (code === 0) return offer(nftEndings(stdout));
  return lacking({
    what: `what ends by itself in nftables on ${node.name}`,
    command: LIST.join(' '),
    output: inOneLine(stderr) || `code ${String(code)}`,
  });
}
