import { expect, test } from '@playwright/test';
import { chainFacts } from './audit.js';
import { firewallScript } from './firewall.js';
import { inlineIn, linkLines, switchPorts } from './links.js';
import { chainTraits } from './traits.js';

const VMS = [
  { node: 'vm1', mac: '02:00:00:00:01:0a', hostPort: 'vm1', attachment: { type: 'access', network: 'v20' } },
  { node: 'vm2', mac: '02:00:00:00:01:0b', hostPort: 'vm2', attachment: { type: 'native' } },
];
const TOPOLOGY = { vms: VMS, networks: [{ name: 'v20', vlan: 20 }] } as never;
const INLINE = inlineIn(TOPOLOGY);

test('a VM is a port of its own bridge, and what the switch has is the other end of it', () => {
  const lines = linkLines(INLINE);
  expect(lines.filter((line) => line.includes('master'))).toEqual([
    'link set dev vm1 master qbr0',
    'link set dev qvb0 master qbr0',
    'link set dev vm2 master qbr1',
    'link set dev qvb1 master qbr1',
  ]);
  expect(switchPorts(TOPOLOGY).map(({ name, columns }) => [name, columns])).toEqual([
    ['qvo0', { tag: 20 }],
    ['qvo1', undefined],
  ]);
  // The VM's MAC is behind that port.
  expect(switchPorts(TOPOLOGY)[1]?.interfaces?.[0]?.columns?.['external_ids']).toEqual(
    expect.arrayContaining([expect.anything()]),
  );
});

test('no link of the chain speaks by itself, and none is up before that is sure', () => {
  const lines = linkLines(INLINE);
  for (const link of ['qbr0', 'qvb0', 'qvo0', 'qbr1', 'qvb1', 'qvo1']) {
    const quiet = lines.indexOf(`link set dev ${link} addrgenmode none`);
    expect(quiet).toBeGreaterThan(-1);
    expect(lines.indexOf(`link set dev ${link} up`)).toBeGreaterThan(quiet);
  }
});

test('the firewall lets neighbor frames through before it drops anything', () => {
  const lines = firewallScript(INLINE).split('\n');
  const at = (text: string) => lines.findIndex((line) => line.includes(text));
  expect(at('ether type arp accept')).toBeGreaterThan(-1);
  expect(at('nd-neighbor-advert } accept')).toBeGreaterThan(-1);
  expect(at(' drop')).toBeGreaterThan(Math.max(at('arp accept'), at('nd-neighbor-advert')));
  expect(at('"qvb0", "qvb1"')).toBe(at(' drop'));
});

test('the audit tells of a VM that is not behind its firewall, and of rules that are not there', () => {
  const port = (ifname: string, master: string, state = 'forwarding') => ({ ifname, master, state });
  const links = [port('vm1', 'qbr0'), port('qvb0', 'qbr0'), port('vm2', 'qbr1'), port('qvb1', 'qbr1')];
  const table = [
    'type filter hook forward priority filter; policy accept;',
    'ether type arp accept',
    'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
    'oifname { "qvb0", "qvb1" } ip protocol sctp drop',
  ].join('\n');
  const wrong = (shown: readonly object[], text = table) =>
    chainFacts(INLINE, JSON.stringify(shown), text).flatMap(({ ok, value }) => (ok ? [] : [value]));
  expect(wrong(links)).toEqual([]);
  expect(wrong(links.slice(1))).toEqual(['vm1 is no port of qbr0']);
  expect(wrong([port('vm1', 'qbr1'), ...links.slice(1)])).toEqual(['vm1 is no port of qbr0']);
  expect(wrong([port('vm1', 'qbr0', 'disabled'), ...links.slice(1)])).toEqual(['vm1 is disabled']);
  expect(wrong(links.slice(0, 3))).toEqual(['qvb1 is no port of qbr1']);
  expect(wrong(links, '')).toHaveLength(1);
  for (const line of table.split('\n')) expect(wrong(links, table.replace(line, ''))).toHaveLength(1);
  expect(chainFacts(INLINE, '', table).filter(({ ok }) => !ok)).toHaveLength(2);
});

test('an unknown variant is told with those that there are', () => {
  expect(chainTraits('hybrid')).toMatchObject({ kind: 'chain', lacp: true, spreads: 'flows' });
  expect(() => chainTraits('inline')).toThrow('chain has no variant "inline"; it has hybrid');
});
