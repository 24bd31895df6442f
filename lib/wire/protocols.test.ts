import { expect, test } from '@playwright/test';
import { readWith } from '../pcap/testing/tool.js';
import { pcapHeader, pcapRecord } from '../pcap/write.js';
import { buildFrame } from './build.js';
import { classify, newClassification } from './classify.js';
import { KINDS } from './kinds.js';
import { PROTOCOLS } from './protocols.js';
import { SAMPLE } from './testing/catalogue.js';
import { readToken } from './token.js';

const frames = PROTOCOLS.map(({ name, kind }) => buildFrame(kind, { ...SAMPLE, protocol: name }));

test('each protocol is what it is said to be to the catalogue, and holds its token', () => {
  const out = newClassification();
  expect(frames.map((frame) => KINDS[classify(frame, 0, frame.length, out)]?.id)).toEqual(
    PROTOCOLS.map(({ kind }) => kind),
  );
  expect(frames.map((frame) => readToken(frame, 0, frame.length, SAMPLE.salt))).toEqual(frames.map(() => SAMPLE.id));
  expect(() => buildFrame('data-udp', { ...SAMPLE, protocol: 'VRRP' })).toThrow('no protocol "VRRP" of kind data-udp');
});

/** What tshark calls it, and the destination, by name. */
const SEEN: Readonly<Record<string, readonly [protocol: string, destination: string]>> = {
  'IGMPv3 report': ['IGMPv3', '01:00:5e:00:00:16'],
  VRRP: ['VRRP', '01:00:5e:00:00:12'],
  OSPF: ['OSPF', '01:00:5e:00:00:05'],
  PIM: ['PIMv2', '01:00:5e:00:00:0d'],
  GRE: ['GRE', '02:00:5e:00:01:01'],
  ESP: ['ESP', '02:00:5e:00:01:01'],
  'OSPF over IPv6': ['OSPF', '33:33:00:00:00:05'],
  DHCPv6: ['DHCPv6', '33:33:00:01:00:02'],
  'TCP SYN': ['TCP', '02:00:5e:00:01:01'],
  'TCP SYN-ACK': ['TCP', '02:00:5e:00:01:01'],
  PTP: ['PTPv2', '01:1b:19:00:00:00'],
  'ICMP Router Solicitation': ['ICMP', '01:00:5e:00:00:02'],
  'Packet Too Big': ['ICMPv6', '02:00:5e:00:01:01'],
  'Inverse Neighbor Discovery Solicitation': ['ICMPv6', '33:33:00:00:00:01'],
  'Certification Path Solicitation': ['ICMPv6', '33:33:00:00:00:02'],
  'Duplicate Address Request': ['ICMPv6', '33:33:00:00:00:02'],
  'Mobility Header': ['MIPv6', '02:00:5e:00:01:01'],
  'UDP-Lite': ['UDP-Lite', '02:00:5e:00:01:01'],
  'Wake-on-LAN': ['WOL', 'ff:ff:ff:ff:ff:ff'],
  'PPPoE Discovery': ['PPPoED', 'ff:ff:ff:ff:ff:ff'],
  'Connectivity Check': ['CFM', '01:80:c2:00:00:35'],
  'an 802.3 frame with SNAP': ['LLC', '02:00:5e:00:01:01'],
  'IS-IS': ['ISIS HELLO', '01:80:c2:00:00:14'],
};

test('tshark takes each for that protocol', () => {
  const capture = Buffer.concat([
    pcapHeader(1),
    ...frames.map((frame, i) => pcapRecord({ seconds: 1_700_000_000, nanos: i, frame })),
  ]);
  const fields = [
    '_ws.col.Protocol',
    'eth.dst',
    'udp.length',
    'ip.checksum.status',
    'tcp.flags',
    'tcp.checksum.status',
  ];
  const lines = readWith(
    'tshark',
    [
      ...['-T', 'fields', '-E', 'separator=,', '-E', 'occurrence=f'],
      ...fields.flatMap((field) => ['-e', field]),
      ...['ip', 'tcp', 'udp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]),
    ],
    capture,
  ).map((line) => line.split(','));
  expect(Object.fromEntries(PROTOCOLS.map(({ name }, i) => [name, lines[i]?.slice(0, 2)]))).toEqual(SEEN);
  const of = (name: string): readonly (string | undefined)[] =>
    lines[PROTOCOLS.findIndex((one) => one.name === name)] ?? [];
  expect(of('VRRP')[3]).toBe('1');
  expect(of('DHCPv6')[2]).toBe('26');
  expect(of('TCP SYN').slice(4)).toEqual(['0x0002', '1']);
  expect(of('TCP SYN-ACK').slice(4)).toEqual(['0x0012', '1']);
});
