import { filtersIn } from '../tc/listing.js';
import { HANDLE, PREF, type EgressFilter } from '../tc/egress.js';
import type { Node } from '../../testbed/node.js';
import { objectFor, SECTION, tagsOf } from './program.js';

/** tc reads programs from files alone. The file is in a folder that goes with the lab, should we be killed meanwhile. */
const LOAD = `file=$(mktemp -p "$1") || exit 1
base64 -d > "$file" && tc filter replace dev "$2" egress protocol all pref ${PREF} handle ${HANDLE} bpf da obj "$file" sec ${SECTION}
code=$?
rm -f "$file"
exit $code`;

/** Indices of interfaces, in the order of their names. Throws where one is not there. */
async function indicesOf(node: Node, ports: readonly string[]): Promise<readonly number[]> {
  if (ports.length === 0) return [];
  const { stdout } = await node.exec(['ip', '-j', 'link', 'show']);
  const links = JSON.parse(stdout) as readonly { readonly ifindex: number; readonly ifname: string }[];
  return ports.map((port) => {
    const link = links.find(({ ifname }) => ifname === port);
    if (link === undefined) throw new Error(`${node.name} has no interface ${port}`);
    return link.ifindex;
  });
}

/** P15: one program, ours, with just these interfaces in it; the tag covers each instruction. */
export function wrongIn(listing: string, indices: readonly number[]): readonly string[] {
  const filters = filtersIn(listing, PREF);
  const [filter] = filters;
  if (filter === undefined) return ['it has no filter'];
  const tags = tagsOf(objectFor(indices));
  const tag = filter.options?.prog?.tag ?? '';
  return [
    ...(filters.length === 1 ? [] : [`${filters.length} filters instead of 1`]),
    ...(filter.kind === 'bpf' && filter.protocol === 'all' ? [] : ['it is not a program for all frames']),
    ...(filter.options?.['direct-action'] === true ? [] : ['what the program returns is taken for a class']),
    ...(tags.includes(tag) ? [] : [`the program has the tag ${tag || 'none'} instead of ${tags.join(' or ')}`]),
  ];
}

export const EBPF_FILTER: EgressFilter = {
  what: 'a program at the egress hook of a port',
  async put(node, port, others) {
    const input = objectFor(await indicesOf(node, others)).toString('base64');
    return node.exec(['sh', '-c', LOAD, 'sh', node.scratch, port], { input, mayFail: true });
  },
  wrong: async (node, listing, others) => wrongIn(listing, await indicesOf(node, others)),
};
