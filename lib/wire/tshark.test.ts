import { expect, test } from '@playwright/test';
import { readWith } from '../pcap/testing/tool.js';
import { pcapHeader, pcapRecord } from '../pcap/write.js';
import type { VlanTag } from './frame.js';
import { buildFrame } from './build.js';
import type { KindId } from './kinds.js';
import type { BuildParams } from './params.js';
import { catalogueFrames, SAMPLE, type CatalogueFrame } from './testing/catalogue.js';

/** Fields that tshark is asked for, on every frame. */
const FIELDS = [
  'eth.dst',
  'eth.src',
  'vlan.id',
  'vlan.priority',
  'vlan.dei',
  'ieee8021ad.id',
  'ieee8021ad.priority',
  'ieee8021ad.dei',
  'arp.opcode',
  'arp.src.hw_mac',
  'arp.src.proto_ipv4',
  'arp.dst.hw_mac',
  'arp.dst.proto_ipv4',
  'ip.src',
  'ip.dst',
  'ip.checksum.status',
  'ipv6.src',
  'ipv6.dst',
  'ipv6.hlim',
  'icmp.type',
  'icmp.checksum.status',
  'icmpv6.type',
  'icmpv6.code',
  'icmpv6.checksum.status',
  'icmpv6.nd.ns.target_address',
  'icmpv6.nd.na.target_address',
  'icmpv6.nd.na.flag.r',
  'icmpv6.nd.na.flag.s',
  'icmpv6.nd.na.flag.o',
  'icmpv6.opt.linkaddr',
  'icmpv6.opt.nonce',
  'icmpv6.mldr.mar.multicast_address',
  'tcp.srcport',
  'tcp.checksum.status',
  'udp.dstport',
  'udp.checksum.status',
  'dhcp.option.dhcp',
  'dns.qry.name',
  'lacp.actor.sysid',
  'lldp.chassis.id.mac',
  '_ws.malformed',
  '_ws.col.Info',
] as const;
type FieldName = (typeof FIELDS)[number];
type Seen = Readonly<Partial<Record<FieldName, string>>>;

const SEPARATOR = '\t';
const CHECKSUMS = ['ip', 'tcp', 'udp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]);

function decodeAll(frames: readonly CatalogueFrame[]): readonly Seen[] {
  const capture = Buffer.concat([
    pcapHeader(1),
    ...frames.map(({ frame }, i) => pcapRecord({ seconds: 1_700_000_000, nanos: i, frame })),
  ]);
  const lines = readWith(
    'tshark',
    [
      '-T',
      'fields',
      ...FIELDS.flatMap((field) => ['-e', field]),
      '-E',
      `separator=${SEPARATOR}`,
      '-E',
      'occurrence=a',
      ...CHECKSUMS,
    ],
    capture,
  );
  return lines.map(
    (line) =>
      Object.fromEntries(
        line
          .split(SEPARATOR)
          .map((value, i) => [FIELDS[i], value] as const)
          .filter(([, value]) => value !== ''),
      ) as Seen,
  );
}

const OWN = '02:00:00:00:01:0a';
const ARP_OWN: Seen = { 'eth.src': OWN, 'arp.src.hw_mac': OWN, 'arp.src.proto_ipv4': '198.51.100.10' };
const GATEWAY = '02:00:5e:00:01:01';
const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const NONE = '00:00:00:00:00:00';
const ND: Seen = { 'eth.src': OWN, 'ipv6.hlim': '255', 'icmpv6.code': '0', 'icmpv6.checksum.status': '1' };
const SOLICIT: Seen = {
  ...ND,
  'eth.dst': '33:33:ff:00:00:01',
  'ipv6.src': '2001:db8:1::10',
  'ipv6.dst': 'ff02::1:ff00:1',
  'icmpv6.type': '135',
  'icmpv6.nd.ns.target_address': '2001:db8:1::1',
  'icmpv6.opt.linkaddr': OWN,
};
const DAD: Seen = {
  ...ND,
  'eth.dst': '33:33:ff:00:00:10',
  'ipv6.src': '::',
  'ipv6.dst': 'ff02::1:ff00:10',
  'icmpv6.type': '135',
  'icmpv6.nd.ns.target_address': '2001:db8:1::10',
};
const DATA4: Seen = {
  'eth.dst': GATEWAY,
  'ip.src': '198.51.100.10',
  'ip.dst': '203.0.113.9',
  'ip.checksum.status': '1',
};
const ADVERTISE: Seen = {
  ...ND,
  'icmpv6.type': '136',
  'icmpv6.nd.na.target_address': '2001:db8:1::10',
  'icmpv6.opt.linkaddr': OWN,
};

/** What each kind says with variation 0, as tshark must read it. */
const SAYS: Readonly<Partial<Record<KindId, Seen>>> = {
  'arp-request-broadcast': {
    ...ARP_OWN,
    'eth.dst': BROADCAST,
    'arp.opcode': '1',
    'arp.dst.hw_mac': NONE,
    'arp.dst.proto_ipv4': '198.51.100.1',
  },
  'arp-request-unicast': {
    ...ARP_OWN,
    'eth.dst': GATEWAY,
    'arp.opcode': '1',
    'arp.dst.hw_mac': NONE,
    'arp.dst.proto_ipv4': '198.51.100.1',
  },
  'arp-reply-unicast': {
    ...ARP_OWN,
    'eth.dst': GATEWAY,
    'arp.opcode': '2',
    'arp.dst.hw_mac': GATEWAY,
    'arp.dst.proto_ipv4': '198.51.100.1',
  },
  'garp-request': {
    ...ARP_OWN,
    'eth.dst': BROADCAST,
    'arp.opcode': '1',
    'arp.dst.proto_ipv4': '198.51.100.10',
    '_ws.col.Info': 'Gratuitous ARP for 198.51.100.10 (Request)',
  },
  'garp-reply': {
    ...ARP_OWN,
    'eth.dst': BROADCAST,
    'arp.opcode': '2',
    'arp.dst.proto_ipv4': '198.51.100.10',
    '_ws.col.Info': 'Gratuitous ARP for 198.51.100.10 (Reply)',
  },
  'arp-probe': {
    'eth.dst': BROADCAST,
    'arp.opcode': '1',
    'arp.src.proto_ipv4': '0.0.0.0',
    'arp.dst.hw_mac': NONE,
    '_ws.col.Info': 'Who has 198.51.100.10? (ARP Probe)',
  },
  'arp-announcement': {
    ...ARP_OWN,
    'eth.dst': BROADCAST,
    'arp.dst.hw_mac': NONE,
    '_ws.col.Info': 'ARP Announcement for 198.51.100.10',
  },
  'arp-other': { ...ARP_OWN, 'arp.opcode': '8' },
  rarp: { 'eth.dst': BROADCAST, 'arp.opcode': '3', 'arp.src.hw_mac': OWN, 'arp.dst.hw_mac': OWN },
  'ns-multicast': SOLICIT,
  'ns-dad': DAD,
  'ns-dad-nonce': { ...DAD, 'icmpv6.opt.nonce': '00000007beef' },
  'ns-unicast': { ...SOLICIT, 'eth.dst': GATEWAY, 'ipv6.dst': '2001:db8:1::1' },
  'na-solicited': { ...ADVERTISE, 'eth.dst': GATEWAY, 'ipv6.dst': '2001:db8:1::1', 'icmpv6.nd.na.flag.s': '1' },
  'na-unsolicited': { ...ADVERTISE, 'eth.dst': '33:33:00:00:00:01', 'ipv6.dst': 'ff02::1', 'icmpv6.nd.na.flag.s': '0' },
  rs: {
    ...ND,
    'eth.dst': '33:33:00:00:00:02',
    'ipv6.src': 'fe80::ff:fe00:10a',
    'ipv6.dst': 'ff02::2',
    'icmpv6.type': '133',
    'icmpv6.opt.linkaddr': OWN,
  },
  ra: { ...ND, 'eth.dst': '33:33:00:00:00:01', 'ipv6.src': 'fe80::ff:fe00:10a', 'icmpv6.type': '134' },
  redirect: { ...ND, 'eth.dst': GATEWAY, 'icmpv6.type': '137' },
  'mld-report': {
    'eth.dst': '33:33:00:00:00:16',
    'ipv6.hlim': '1',
    'icmpv6.type': '143',
    'icmpv6.checksum.status': '1',
    'icmpv6.mldr.mar.multicast_address': 'ff02::1:ff00:10',
  },
  'ns-ext-header': SOLICIT,
  'ns-fragment': SOLICIT,
  'nd-malformed': { ...SOLICIT, 'icmpv6.code': '1' },
  'data-tcp': { ...DATA4, 'tcp.srcport': '49152', 'tcp.checksum.status': '1' },
  'data-udp': { ...DATA4, 'udp.dstport': '9', 'udp.checksum.status': '1' },
  'data-echo': { ...DATA4, 'icmp.type': '8', 'icmp.checksum.status': '1' },
  'data-echo6': { 'ipv6.dst': '2001:db8:ffff::9', 'icmpv6.type': '128', 'icmpv6.checksum.status': '1' },
  'data-dhcp': {
    'eth.dst': BROADCAST,
    'ip.src': '0.0.0.0',
    'ip.dst': '255.255.255.255',
    'ip.checksum.status': '1',
    'udp.checksum.status': '1',
    'dhcp.option.dhcp': '1',
  },
  'data-mdns': {
    'eth.dst': '01:00:5e:00:00:fb',
    'ip.dst': '224.0.0.251',
    'udp.checksum.status': '1',
    'dns.qry.name': 'v0.local',
  },
  'near-miss-udp-arp': { ...DATA4, 'udp.checksum.status': '1' },
  'near-miss-tcp6-135': { 'ipv6.dst': '2001:db8:ffff::9', 'tcp.srcport': String(0x8700), 'tcp.checksum.status': '1' },
  'near-miss-icmp4-135': { ...DATA4, 'icmp.type': '135', 'icmp.checksum.status': '1' },
  lacpdu: { 'eth.dst': '01:80:c2:00:00:02', 'lacp.actor.sysid': OWN },
  lldp: { 'eth.dst': '01:80:c2:00:00:0e', 'lldp.chassis.id.mac': OWN },
};

const BAD_CHECKSUM = '0';

function tagsOf(fields: Seen): readonly VlanTag[] {
  const tag = (
    tpid: VlanTag['tpid'],
    vid: string | undefined,
    pcp: string | undefined,
    dei: string | undefined,
  ): readonly VlanTag[] => (vid === undefined ? [] : [{ tpid, vid: Number(vid), pcp: Number(pcp), dei: dei === '1' }]);
  return [
    ...tag(0x88a8, fields['ieee8021ad.id'], fields['ieee8021ad.priority'], fields['ieee8021ad.dei']),
    ...tag(0x8100, fields['vlan.id'], fields['vlan.priority'], fields['vlan.dei']),
  ];
}

test('tshark reads every kind, in every tag form, as what it is', () => {
  const frames = catalogueFrames([0, 1, 2, 70_000]);
  const seen = decodeAll(frames);
  expect(seen.length).toBe(frames.length);
  frames.forEach(({ kind, variation, tags }, i) => {
    const fields = seen[i] ?? {};
    const what = `${kind}, variation ${variation}, ${tags.length} tags`;
    expect(tagsOf(fields), what).toEqual(tags);
    for (const [name, value] of Object.entries(fields))
      if (name.endsWith('.checksum.status')) expect(value, `${what}: ${name}`).not.toBe(BAD_CHECKSUM);
    expect(fields['_ws.malformed'] !== undefined, `${what}: malformed`).toBe(
      kind === 'nd-malformed' && variation === 2,
    );
    if (variation === 0) expect(fields, what).toMatchObject(SAYS[kind] ?? {});
  });
});

test('tshark sees a variation in the target', () => {
  const frames = catalogueFrames([1]).filter(
    ({ kind, tags }) => tags.length === 0 && ['arp-request-broadcast', 'ns-multicast', 'na-solicited'].includes(kind),
  );
  expect(
    decodeAll(frames).map(
      (fields) =>
        fields['arp.dst.proto_ipv4'] ?? fields['icmpv6.nd.ns.target_address'] ?? fields['icmpv6.nd.na.target_address'],
    ),
  ).toEqual(['198.51.100.129', '2001:db8:1::5e00:0:0', '2001:db8:1::5e00:0:11']);
});

const CLAIMED = '02:00:5e:00:01:0a';
const FLAGS = (r: string, s: string, o: string): Seen => ({
  'icmpv6.nd.na.flag.r': r,
  'icmpv6.nd.na.flag.s': s,
  'icmpv6.nd.na.flag.o': o,
});

/** Forms beside the usual ones. */
const FORMS: readonly (readonly [KindId, Partial<BuildParams>, Seen])[] = [
  ['arp-reply-unicast', { claimedMac: CLAIMED }, { 'eth.src': OWN, 'arp.src.hw_mac': CLAIMED }],
  ['ns-multicast', { claimedMac: CLAIMED }, { 'eth.src': OWN, 'icmpv6.opt.linkaddr': CLAIMED }],
  ['na-unsolicited', { claimedMac: CLAIMED }, { 'eth.src': OWN, 'icmpv6.opt.linkaddr': CLAIMED }],
  ['na-solicited', {}, FLAGS('0', '1', '1')],
  ['na-unsolicited', {}, FLAGS('0', '0', '1')],
  ['na-solicited', { isRouter: true }, FLAGS('1', '1', '1')],
  ['na-unsolicited', { isRouter: true }, FLAGS('1', '0', '1')],
  ['na-solicited', { overrides: false }, FLAGS('0', '1', '0')],
  ['na-unsolicited', { overrides: false }, FLAGS('0', '0', '0')],
  [
    'arp-other',
    { variation: 1 },
    { ...ARP_OWN, 'eth.dst': BROADCAST, 'arp.opcode': '2', 'arp.dst.proto_ipv4': '198.51.100.1' },
  ],
  [
    'arp-other',
    { variation: 2 },
    { ...ARP_OWN, 'eth.dst': GATEWAY, 'arp.opcode': '9', 'arp.dst.proto_ipv4': '198.51.100.1' },
  ],
  [
    'ns-ext-header',
    { extendsAdvertisement: true },
    { ...ND, 'ipv6.dst': '2001:db8:1::1', 'icmpv6.type': '136', ...FLAGS('0', '1', '1') },
  ],
];

test('tshark reads forms beside the usual ones as what they are', () => {
  const seen = decodeAll(
    FORMS.map(([kind, params]) => ({
      kind,
      variation: 0,
      tags: [],
      frame: buildFrame(kind, { ...SAMPLE, ...params }),
    })),
  );
  FORMS.forEach(([kind, params, fields], i) => {
    const what = `${kind}, ${JSON.stringify(params)}`;
    expect(seen[i], what).toMatchObject(fields);
    expect(seen[i]?.['_ws.malformed'], what).toBeUndefined();
    for (const [name, value] of Object.entries(seen[i] ?? {}))
      if (name.endsWith('.checksum.status')) expect(value, `${what}: ${name}`).not.toBe(BAD_CHECKSUM);
  });
});
