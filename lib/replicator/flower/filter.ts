import { copyActions, MARK, wrongActions } from '../tc/actions.js';
import { PREF, type EgressFilter } from '../tc/egress.js';
import { filtersIn, type ShownFilter } from '../tc/listing.js';

/** What a filter of flower takes, as tc-flower(8) is told and as `tc -j` tells it; each has a preference and a handle. */
interface Taken {
  readonly what: string;
  readonly pref: number;
  /** Of its preference: they are counted from 1. */
  readonly handle: number;
  /** EtherType at which the frame is looked at: that of its tag, be it in the bytes or beside them. */
  readonly protocol: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** A flower filter looks at one type of ICMPv6. */
const ND_TYPES = [
  ['NS', '135'],
  ['NA', '136'],
] as const;

/** Of frames without a tag a filter has the protocol itself, of others that of the tag, and then the one behind it. */
function behind(protocol: '802.1Q' | '802.1ad', pref: number): readonly Taken[] {
  const one = (what: string, handle: number, keys: Taken['keys']): Taken => ({
    ...{ what: `${what} behind a tag of ${protocol}`, pref, handle, protocol, keys },
  });
  return [
    one('ARP', 1, { vlan_ethtype: 'arp', eth_type: 'arp' }),
    ...ND_TYPES.map(([what, type], index) =>
      one(what, index + 2, { vlan_ethtype: 'ipv6', eth_type: 'ipv6', ip_proto: 'icmpv6', icmp_type: type }),
    ),
  ];
}

/** In the order of their preferences, behind the one that lets copies pass. */
export const TAKEN: readonly Taken[] = [
  { what: 'ARP', pref: PREF + 1, handle: 1, protocol: 'arp', keys: { eth_type: 'arp' } },
  ...ND_TYPES.map(([what, type], index) => ({
    ...{ what, pref: PREF + 2, handle: index + 1, protocol: 'ipv6' },
    keys: { eth_type: 'ipv6', ip_proto: 'icmpv6', icmp_type: type },
  })),
  ...behind('802.1Q', PREF + 3),
  ...behind('802.1ad', PREF + 4),
];

/** How tc-flower(8) is told a key; the EtherType follows from `protocol` and `vlan_ethtype`. */
const OPTIONS: Readonly<Record<string, string>> = {
  vlan_ethtype: 'vlan_ethtype',
  ip_proto: 'ip_proto',
  icmp_type: 'type',
};

const words = (keys: Taken['keys']): string =>
  Object.entries(keys)
    .flatMap(([key, value]) => (OPTIONS[key] === undefined ? [] : [` ${OPTIONS[key]} ${value}`]))
    .join('');

/** Flower knows no marks, so that a copy is let pass by a filter of u32, before all others. */
const LET_PASS = { handle: '800::1', mark: `0x${MARK.toString(16)}`, mask: '0xffffffff' } as const;

/** Lines of `tc -batch`: each filter in the place of the one before. The first lets copies pass: without it they go round. */
export function flowerLines(port: string, others: readonly string[]): readonly string[] {
  const filter = (protocol: string, pref: number, handle: string | number) =>
    `filter replace dev ${port} egress protocol ${protocol} pref ${pref} handle ${handle}`;
  return [
    `${filter('all', PREF, LET_PASS.handle)} u32 match mark ${LET_PASS.mark} ${LET_PASS.mask} action ok`,
    ...TAKEN.map(
      ({ pref, handle, protocol, keys }) =>
        `${filter(protocol, pref, handle)} flower${words(keys)} ${copyActions(others).join(' ')}`,
    ),
  ];
}

function wrongPass(filters: readonly ShownFilter[]): readonly string[] {
  const [first, ...more] = filters.filter(({ kind, options }) => kind === 'u32' && options?.actions !== undefined);
  if (first === undefined) return ['copies are not let pass'];
  const { options, protocol } = first;
  const isRight =
    more.length === 0 &&
    protocol === 'all' &&
    options?.fwmark_value === LET_PASS.mark &&
    options.fwmark_mask === LET_PASS.mask &&
    options.actions?.map(({ kind }) => kind).join() === 'gact';
  return isRight ? [] : ['what lets copies pass is another filter'];
}

/** P15: each filter, with its keys and no other, the mark, and a copy for each of these ports. */
export function wrongIn(listing: string, others: readonly string[]): readonly string[] {
  const sorted = (keys: object) => JSON.stringify(Object.entries(keys).sort());
  const of = (pref: number) => filtersIn(listing, pref);
  const extra = [...new Set(TAKEN.map(({ pref }) => pref))].filter(
    (pref) => of(pref).length > TAKEN.filter((taken) => taken.pref === pref).length,
  );
  return [
    ...wrongPass(of(PREF)),
    ...TAKEN.flatMap(({ what, pref, handle, protocol, keys }) => {
      const filter = of(pref).find(({ options }) => options?.handle === handle);
      if (filter === undefined) return [`${what} has no filter`];
      const isTaken =
        filter.kind === 'flower' && filter.protocol === protocol && sorted(filter.options?.keys ?? {}) === sorted(keys);
      return [...(isTaken ? [] : [`the filter of ${what} takes other frames`]), ...wrongActions(filter, others)];
    }),
    ...extra.map((pref) => `there are more filters of preference ${pref}`),
  ];
}

export const FLOWER_FILTER: EgressFilter = {
  what: 'filters of flower at the egress hook of a port, with a mark and copies',
  prefs: [PREF, ...new Set(TAKEN.map(({ pref }) => pref))],
  put: (node, port, others) =>
    node.exec(['tc', '-batch', '-'], { input: `${flowerLines(port, others).join('\n')}\n`, mayFail: true }),
  wrong: (_node, listing, others) => Promise.resolve(wrongIn(listing, others)),
};
