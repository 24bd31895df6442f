import { expect, test } from '@playwright/test';
import { grownBy, lossCountersIn } from './lossCounters.js';

const read = (text: string) => Object.fromEntries(lossCountersIn(text));

const FORMS: readonly (readonly [string, string, Readonly<Record<string, number>>])[] = [
  [
    'ethtool -S',
    'NIC statistics:\n     rx_packets: 812\n     rx_missed_errors: 3\n     rx_queue_0_drops: 4\n     tx_retransmissions: 9\n',
    { rx_missed_errors: 3, rx_queue_0_drops: 4 },
  ],
  [
    'ip -s link',
    `4: cap0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    RX:  bytes packets errors dropped  missed   mcast
           816       8      1       2       3       0
    TX:  bytes packets errors dropped carrier collsns
           906      11      0       5       0       0
`,
    { 'RX: errors': 1, 'RX: dropped': 2, 'RX: missed': 3, 'TX: errors': 0, 'TX: dropped': 5 },
  ],
  [
    'tc -s qdisc',
    'qdisc pfifo_fast 0: dev eth0 root\n Sent 4180 bytes 41 pkt (dropped 7, overlimits 0 requeues 0) \n backlog 0b 0p requeues 0\n',
    { dropped: 7 },
  ],
  [
    'nft list counters',
    'table netdev box {\n\tcounter policed_drops {\n\t\tpackets 12 bytes 720\n\t}\n\tcounter passed {\n\t\tpackets 99 bytes 5940\n\t}\n}\n',
    { policed_drops: 12 },
  ],
  [
    'nft list chain',
    'table netdev box {\n\tchain c {\n\t\tlimit rate over 300/second burst 20 packets counter packets 12 bytes 720 drop\n\t\tcounter packets 8 bytes 480 accept\n\t}\n}\n',
    { 'limit rate over 300/second burst 20 packets counter drop': 12 },
  ],
  [
    'words around one number',
    '0 packets dropped by kernel\nversion 1.2.3 error\nloss 5%\n',
    { 'packets dropped by kernel': 0 },
  ],
  ['JSON', '{ "drops": 4,\n "bytes": 7 }', { drops: 4 }],
  ['one name twice', 'queue a\ndrops: 1\nqueue b\ndrops: 2\n', { drops: 1, 'drops #2': 2 }],
  ['nothing of losses', 'packets: 5\nup 3 days\n', {}],
];

for (const [name, text, counters] of FORMS)
  test(`counters of losses are read as they are printed: ${name}`, () => {
    expect(read(text)).toEqual(counters);
  });

test('counters count what the one counted that grew most, and nothing is known of one that fell or is gone', () => {
  const of = (...pairs: readonly (readonly [string, number])[]) => new Map(pairs);
  expect(grownBy(of(['a', 1], ['b', 5]), of(['a', 4], ['b', 7]))).toBe(3);
  expect(grownBy(of(['a', 1]), of(['a', 1]))).toBe(0);
  expect(grownBy(of(['a', 1]), of(['a', 1], ['b', 2]))).toBe(2);
  expect(grownBy(of(['a', 4]), of(['a', 1]))).toBe('the counter "a" fell from 4 to 1');
  expect(grownBy(of(['a', 4]), of(['b', 4]))).toBe('the counter "a" was not there any more');
  expect(grownBy(of(), of())).toBe('it printed no counter of lost frames');
});
