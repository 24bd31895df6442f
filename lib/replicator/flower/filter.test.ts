import { expect, test } from '@playwright/test';
import { MARK } from '../tc/actions.js';
import { flowerLines, TAKEN, wrongIn } from './filter.js';

const PASS = {
  ...{ protocol: 'all', pref: 1, kind: 'u32', chain: 0 },
  options: {
    ...{ fh: '800::1', fwmark_value: '0x636270', fwmark_mask: '0xffffffff' },
    actions: [{ order: 1, kind: 'gact', control_action: { type: 'pass' } }],
  },
};
const SKBEDIT = { order: 1, kind: 'skbedit', mark: MARK, control_action: { type: 'pipe' } };
const copy = { order: 2, kind: 'mirred', mirred_action: 'mirror', direction: 'egress', to_dev: 'up-b' };

type Shown = Readonly<Record<string, unknown>>;

/** As kernel 7.3.4 and iproute2 7.2 list them: each preference once without options, then each filter. */
function listing(change: (filters: readonly Shown[]) => readonly Shown[] = (same) => same): string {
  const filters = TAKEN.map(({ pref, handle, protocol, keys }) => ({
    ...{ protocol, pref, kind: 'flower', chain: 0 },
    options: { handle, keys, not_in_hw: true, actions: [SKBEDIT, copy] },
  }));
  const heads = [1, ...new Set(TAKEN.map(({ pref }) => pref))].map((pref) => ({ pref, kind: 'flower', chain: 0 }));
  const table = { protocol: 'all', pref: 1, kind: 'u32', chain: 0, options: { fh: '800:', ht_divisor: 1 } };
  return JSON.stringify([...heads, table, ...change([PASS, ...filters])]);
}

test('copies are let pass first; then ARP, NS and NA are taken, without a tag and behind one of both kinds', () => {
  const copies = `action skbedit mark ${MARK} pipe action mirred egress mirror dev up-b`;
  expect(
    flowerLines('up-a', ['up-b']).map((line) => line.replace('filter replace dev up-a egress protocol ', '')),
  ).toEqual([
    'all pref 1 handle 800::1 u32 match mark 0x636270 0xffffffff action ok',
    `arp pref 2 handle 1 flower ${copies}`,
    `ipv6 pref 3 handle 1 flower ip_proto icmpv6 type 135 ${copies}`,
    `ipv6 pref 3 handle 2 flower ip_proto icmpv6 type 136 ${copies}`,
    `802.1Q pref 4 handle 1 flower vlan_ethtype arp ${copies}`,
    `802.1Q pref 4 handle 2 flower vlan_ethtype ipv6 ip_proto icmpv6 type 135 ${copies}`,
    `802.1Q pref 4 handle 3 flower vlan_ethtype ipv6 ip_proto icmpv6 type 136 ${copies}`,
    `802.1ad pref 5 handle 1 flower vlan_ethtype arp ${copies}`,
    `802.1ad pref 5 handle 2 flower vlan_ethtype ipv6 ip_proto icmpv6 type 135 ${copies}`,
    `802.1ad pref 5 handle 3 flower vlan_ethtype ipv6 ip_proto icmpv6 type 136 ${copies}`,
  ]);
  // The last leg with carrier has nobody to copy to.
  expect(flowerLines('up-a', [])[1]).toContain('flower action ok');
});

test('what was put there is right, and what is not there is named', () => {
  expect(wrongIn(listing(), ['up-b'])).toEqual([]);
  const without = (index: number) =>
    wrongIn(
      listing((filters) => filters.filter((_, at) => at !== index)),
      ['up-b'],
    );
  expect(without(0)).toEqual(['copies are not let pass']);
  expect(without(1)).toEqual(['ARP has no filter']);
  expect(without(6)).toEqual(['NA behind a tag of 802.1Q has no filter']);
  expect(wrongIn('[]', ['up-b'])).toHaveLength(10);
  expect(wrongIn('', ['up-b'])).toHaveLength(10);
});

test('a filter that takes other frames, copies elsewhere, or is one too many is told', () => {
  const changed = (index: number, change: (filter: Shown) => Shown) =>
    wrongIn(
      listing((filters) => filters.map((filter, at) => (at === index ? change(filter) : filter))),
      ['up-b'],
    );
  const options = (change: Shown) => (filter: Shown) => ({
    ...filter,
    options: { ...(filter['options'] as Shown), ...change },
  });
  expect(changed(2, options({ keys: { eth_type: 'ipv6', ip_proto: 'icmpv6', icmp_type: '136' } }))).toEqual([
    'the filter of NS takes other frames',
  ]);
  // One more key: it takes less.
  expect(changed(1, options({ keys: { eth_type: 'arp', arp_op: 'request' } }))).toEqual([
    'the filter of ARP takes other frames',
  ]);
  expect(changed(4, (filter) => ({ ...filter, protocol: '802.1ad' }))).toEqual([
    'the filter of ARP behind a tag of 802.1Q takes other frames',
  ]);
  expect(changed(1, options({ actions: [copy] }))).toEqual([
    `its actions are "mirred mirror egress up-b" instead of "skbedit ${MARK}, mirred mirror egress up-b"`,
  ]);
  expect(changed(0, options({ fwmark_value: '0x1' }))).toEqual(['what lets copies pass is another filter']);
  expect(changed(0, options({ actions: [copy] }))).toEqual(['what lets copies pass is another filter']);
  expect(
    wrongIn(
      listing((filters) => [...filters, ...filters.slice(-1)]),
      ['up-b'],
    ),
  ).toEqual(['there are more filters of preference 5']);
  expect(wrongIn(listing(), ['up-c'])).toHaveLength(9);
});
