import { expect, test } from '@playwright/test';
import { bondFacts } from './audit.js';
import { carries, lacpOf, readConfig, readLacp } from './bondState.js';
import { dpdkBond } from './dpdkBond.js';
import { devicesOf, launch } from './engine.js';
import { dpdkBondTraits, variantNamed, VARIANTS } from './traits.js';
import { heartbeatScript, macvlanLines } from './wiring.js';

const LEGS = [
  { name: 'leg-a', hostPort: 'up-a' },
  { name: 'leg-b', hostPort: 'up-b' },
];

/** As testpmd of DPDK 22.11 prints it. */
const CONFIG = `	Bonding mode: 4
	Balance Xmit Policy: BALANCE_XMIT_POLICY_LAYER34
	IEEE802.3AD Aggregator Mode: stable
	Slaves (2): [1 2]
	Active Slaves (2): [1 2]
	Primary: [1]`.split('\n');

const leg = (port: number, actor: string, partner = '02:00:00:00:00:99') => `	Slave Port: ${port}
	Aggregator port id: 1
	selection: SELECTED
	Actor detail info:
		system priority: 65535
		system mac address: EE:E3:2B:09:7A:F5
		port key: 8448
		port state: ${actor} 
	Partner detail info:
		system priority: 65535
		system mac address: ${partner}
		port state: ACTIVE TIMEOUT SYNCHRONIZATION COLLECTING DISTRIBUTING DEFAULTED 
`;
const head = '	IEEE802.3 port: 3\n	fast period: 900 ms\n';
const RUNS = 'ACTIVE AGGREGATION SYNCHRONIZATION COLLECTING DISTRIBUTING';
const lacp = (...actors: readonly string[]) =>
  readLacp((head + actors.map((actor, at) => leg(at + 1, actor)).join('\n')).split('\n'));

const MACVLANS = ['up-a', 'up-b'].map((link, at) => ({
  ifname: `dpdk${at}`,
  link,
  linkinfo: { info_data: { mode: 'passthru' } },
}));

test('the bond and what it has are told on the command line, by the modes of DPDK', () => {
  expect(devicesOf('active-backup', 'app1', ['dpdk0', 'dpdk1'])).toEqual([
    'net_af_packet0,iface=app1,qdisc_bypass=0',
    'net_af_packet1,iface=dpdk0,qdisc_bypass=0',
    'net_af_packet2,iface=dpdk1,qdisc_bypass=0',
    'net_bonding0,mode=1,slave=net_af_packet1,slave=net_af_packet2,xmit_policy=l34',
  ]);
  const modes = VARIANTS.map((variant) => /mode=(\d)/.exec(devicesOf(variant, 'x', ['y']).join(' '))?.[1]);
  expect(modes).toEqual(['4', '1', '2', '0', '3']);
  // It forwards between the VMs and the bond, and uses nothing of this machine.
  const argv = launch('in', 'pid', devicesOf('broadcast', 'app1', ['dpdk0', 'dpdk1']));
  expect(argv).toEqual(
    expect.arrayContaining(['--portlist=0,3', '--no-huge', '--no-pci', '--no-shconf', '--no-telemetry']),
  );
});

test('an unknown variant is told with those that there are', () => {
  expect(() => variantNamed('balance-tcp')).toThrow(
    'dpdk-bond has no variant "balance-tcp"; it has 802.3ad, active-backup, balance, round-robin, broadcast',
  );
  const told = VARIANTS.map((variant) => {
    const { lacp: speaks, spreads, hears } = dpdkBondTraits(variant);
    return `${variant}: ${speaks ? 'LACP, ' : ''}${spreads}, ${hears.unicast}`;
  });
  expect(told).toEqual([
    '802.3ad: LACP, flows, all',
    'active-backup: no, active',
    'balance: flows, all',
    'round-robin: flows, all',
    'broadcast: flows, all',
  ]);
});

test('what testpmd says of a bond is read, and of LACP each leg', () => {
  expect(readConfig(CONFIG)).toEqual({
    mode: 4,
    policy: 'BALANCE_XMIT_POLICY_LAYER34',
    members: [1, 2],
    active: [1, 2],
    primary: 1,
  });
  expect(readConfig(['Bad arguments'])).toMatchObject({ mode: null, members: [], active: [], primary: null });
  expect(readConfig(['	Slaves (2): [1 2]', '	Active Slaves (0): []', '	Primary: [2]'])).toMatchObject({
    members: [1, 2],
    active: [],
    primary: 2,
  });
  const told = lacp(RUNS, 'ACTIVE AGGREGATION');
  expect(told.map(({ port, partnerSystem }) => `${port} ${partnerSystem}`)).toEqual([
    '1 02:00:00:00:00:99',
    '2 02:00:00:00:00:99',
  ]);
  expect(told.map(carries)).toEqual([true, false]);
  expect(lacp(`${RUNS} EXPIRED`, 'ACTIVE DEFAULTED', RUNS).map(lacpOf)).toEqual(['expired', 'defaulted', 'current']);
  expect(lacp(`${RUNS} EXPIRED`).map(carries)).toEqual([false]);
  const unselected = readLacp((head + leg(1, RUNS).replace('SELECTED', 'UNSELECTED')).split('\n'));
  expect(unselected.map(carries)).toEqual([false]);
});

test('a bond that is not as it was made is told', () => {
  const wired = LEGS.map(({ hostPort }, at) => ({ hostPort, own: `dpdk${at}`, port: at + 1 }));
  const wrong = (lines = CONFIG, spoken = lacp(RUNS, RUNS), shown: readonly object[] = MACVLANS) =>
    bondFacts('802.3ad', wired, readConfig(lines), spoken, JSON.stringify([{}, ...shown])).flatMap(
      ({ name, ok, value }) => (ok ? [] : [`${name}: ${value}`]),
    );
  expect(wrong()).toEqual([]);
  const changed = (from: string, to: string) => CONFIG.map((line) => line.replace(from, to));
  expect(wrong(changed('mode: 4', 'mode: 1'))).toEqual(['bond mode: 1']);
  expect(wrong(changed('LAYER34', 'LAYER2'))).toEqual(['hash policy: BALANCE_XMIT_POLICY_LAYER2']);
  expect(wrong(changed('Active Slaves (2): [1 2]', 'Active Slaves (1): [1]'))).toEqual(['leg up-b: it is not active']);
  expect(wrong(CONFIG, lacp(RUNS, 'ACTIVE'))).toEqual(['leg up-b: its LACP is ACTIVE']);
  expect(wrong(CONFIG, lacp(RUNS))).toEqual(['leg up-b: its LACP is not there']);
  expect(wrong(CONFIG, lacp(RUNS, RUNS), MACVLANS.slice(1))).toEqual([
    'leg up-a: dpdk0 is no macvlan in passthru mode on it',
  ]);
  const bridged = MACVLANS.map((one) => ({ ...one, linkinfo: { info_data: { mode: 'bridge' } } }));
  expect(wrong(CONFIG, lacp(RUNS, RUNS), bridged)).toHaveLength(2);
});

test('the application has a macvlan on each leg, at whose egress heartbeats are taken away', () => {
  expect(macvlanLines({ legs: LEGS } as never).filter((line) => line.startsWith('link add'))).toEqual([
    'link add link up-a name dpdk0 type macvlan mode passthru',
    'link add link up-b name dpdk1 type macvlan mode passthru',
  ]);
  const script = heartbeatScript(['dpdk0', 'dpdk1']);
  for (const port of ['dpdk0', 'dpdk1'])
    expect(script).toContain(`egress device "${port}" priority 0; ether daddr 02:00:00:00:be:a7 fwd to "heartsink"; }`);
});

test('a host may be without heartbeats, and has no other option', () => {
  const problems = (options: object) =>
    dpdkBond.check({ host: { plane: { options } }, networks: [], vms: [] } as never).map(({ text }) => text);
  expect(problems({})).toEqual([]);
  expect(problems({ heartbeat: false })).toEqual([]);
  expect(problems({ heartbeat: 'slow' })).toEqual(['heartbeat is "slow"']);
  expect(problems({ mode: 4 })).toEqual(['the data plane dpdk-bond has no option "mode"']);
});
