import { expect, test } from '@playwright/test';
import type { MacEntry, Probe } from '../../evidence/types.js';
import { judge } from '../judge.js';
import { makeLab, MS, TAG_10, type MadeLab, type SendOptions } from '../testing/lab.js';
import type { Judgement } from '../types.js';
import type { KindId } from '../../wire/kinds.js';

const PORTS = ['leaf-a-host-2', 'leaf-b-host-2'];

interface Room {
  readonly lab: MadeLab;
  /** The tap at vm1's NIC. */
  readonly ear: string;
  /** A frame of the twin of vm1. */
  readonly send: (kind: KindId, options?: SendOptions) => Probe;
}

/** Two hosts, of which the first one's vm1 listens, and is on every leaf itself. */
function room(mode = 'balance-tcp'): Room {
  const lab = makeLab({ secondHost: true, mode, vms: 1 });
  lab.deliver(lab.send('arp-request-broadcast', { tags: [TAG_10] }));
  const ear = lab.tapSender('vm1', 'in');
  return { lab, ear, send: (kind, options = {}) => lab.send(kind, { sender: 'vm1-2', tags: [TAG_10], ...options }) };
}

/** What vm1 hears has no tag any more. */
function hear({ lab, ear }: Room, probe: Probe, times: number): void {
  for (let n = 0; n < times; n++)
    lab.see(ear, Uint8Array.from(Buffer.from(probe.frame, 'hex')), lab.now() + (n + 1) * MS);
}

const told = ({ findings }: Judgement): string[] =>
  findings.map(({ verdict, signature, property, leaf = '' }) => `${verdict} ${signature} ${property} ${leaf}`.trim());

const NOTE = 'note second-host P1';

test('P1: a frame of the second host is on each leaf once, and is heard by the first on each leg', () => {
  const made = room();
  const probe = made.send('arp-request-broadcast');
  made.lab.deliver(probe, PORTS);
  hear(made, probe, 2);
  const judgement = judge(made.lab.input());
  expect(judgement.verdict).toBe('pass');
  expect(judgement.findings.map(({ sentence }) => sentence)).toEqual([
    '1 of 1 neighbor frames of host-2 and its VMs were on leaf-a and leaf-b once each. While every leg was up, a sender of host heard those to many 2 times, and those to itself not at all.',
  ]);
  expect(
    judgement.deliveries.map(({ isOfSecondHost = false, duty, verdict }) => [isOfSecondHost, duty, verdict]),
  ).toEqual([
    [false, 'replicated', 'pass'],
    [true, 'unjudged', 'pass'],
  ]);
});

test('P1: what a leaf misses, sees twice or sees altered of the second host fails', () => {
  const made = room();
  const missing = made.send('arp-reply-unicast');
  made.lab.copy(missing, 'leaf-a-host-2');
  const twice = made.send('garp-reply');
  made.lab.deliver(twice, [...PORTS, 'leaf-b-host-2']);
  const altered = made.send('na-unsolicited');
  made.lab.copy(altered, 'leaf-a-host-2', {
    alter: (frame) => {
      frame[40] = (frame[40] ?? 0) ^ 1;
      return frame;
    },
  });
  made.lab.copy(altered, 'leaf-b-host-2');
  for (const probe of [twice, altered]) hear(made, probe, 1);
  const judgement = judge(made.lab.input());
  expect(told(judgement)).toEqual([
    'fail missing P1 leaf-b',
    'fail duplicate P1 leaf-b',
    'fail identity P2 leaf-a',
    NOTE,
  ]);
  expect(judgement.reasons[0]).toBe(
    'leaf-b never saw 1 of 1 ARP replies from vm1-2 (MAC 02:00:00:00:02:0a) on host-2.',
  );
});

test('P1: more copies than legs that hear it are too many, and none is too few', () => {
  for (const [mode, kind, most] of [
    ['balance-tcp', 'garp-request', 2],
    ['active-backup', 'garp-request', 1],
    ['balance-slb', 'garp-request', 1],
    ['balance-slb', 'arp-reply-unicast', 2],
  ] as const) {
    const outcome = (times: number): readonly string[] => {
      const made = room(mode);
      const probe = made.send(kind, kind === 'arp-reply-unicast' ? { to: 'vm1' } : {});
      made.lab.deliver(probe, PORTS);
      hear(made, probe, times);
      return told(judge(made.lab.input()));
    };
    expect(outcome(most), `${mode} ${kind}`).toEqual([NOTE]);
    expect(outcome(most + 1), `${mode} ${kind}`).toEqual(['fail duplicate P1', NOTE]);
    expect(outcome(0), `${mode} ${kind}`).toEqual(['fail missing-inbound P1', NOTE]);
  }
});

test('P5: no frame of the second host may come out of the first, nor one of the first out of the second', () => {
  const made = room();
  const probe = made.send('garp-reply');
  made.lab.deliver(probe, PORTS);
  hear(made, probe, 2);
  made.lab.copy(probe, 'leaf-b');
  const own = made.lab.send('arp-probe', { tags: [TAG_10] });
  made.lab.deliver(own);
  made.lab.copy(own, 'leaf-a-host-2');
  const judgement = judge(made.lab.input());
  expect(told(judgement)).toEqual(['fail reflection P5 leaf-b', 'fail reflection P5 leaf-a', NOTE]);
  expect(judgement.reasons).toEqual([
    '1 of 1 tagged gratuitous ARP replies from vm1-2 (MAC 02:00:00:00:02:0a) came back out of the host and reached leaf-b: it now has the MAC of another host behind its port to this one.',
    'leaf-a received 1 frame of vm1 (MAC 02:00:00:00:01:0a) from host-2: it has that MAC behind its port to host-2 now.',
  ]);
});

test('P5: nor one that a kernel made, which has no token', () => {
  const made = room();
  const heard = made.send('na-unsolicited');
  made.lab.deliver(heard, PORTS);
  hear(made, heard, 2);
  const bare = (probe: Probe) => Uint8Array.from(Buffer.from(probe.frame, 'hex')).subarray(0, -12);
  made.lab.see('leaf-a', bare(heard), made.lab.now() + 20 * MS);
  made.lab.see('leaf-b-host-2', bare(made.lab.send('garp-request', { outside: true })), made.lab.now() + 20 * MS);
  const judgement = judge(made.lab.input());
  expect(told(judgement)).toEqual(['fail reflection P5 leaf-b', 'fail reflection P5 leaf-a', NOTE]);
  expect(judgement.findings.map(({ sender }) => sender)).toEqual(['vm1', 'vm1-2', undefined]);
});

test('P6: a leaf has the MACs of the second host behind its port to that one alone', () => {
  const made = room();
  const entry = (port: string): MacEntry => ({ node: 'leaf-a', port, vlan: 10, mac: '02:00:00:00:02:0A' });
  const judged = (...ports: readonly string[]) =>
    judge(made.lab.input({ macTables: ports.map((port) => ({ atNs: '0', entries: [entry(port)] })) }));
  expect(told(judged('to-host-2'))).toEqual([]);
  expect(judged('to-host-2', 'to-host').reasons).toEqual([
    'leaf-a had the MAC of vm1-2, which is on host-2, behind its port to-host.',
  ]);
});

test('nothing passes where a port to the second host was not captured', () => {
  const made = room();
  const probe = made.send('garp-request');
  made.lab.deliver(probe, PORTS);
  hear(made, probe, 2);
  made.lab.spoil('leaf-b-host-2', {}, ['fence']);
  expect(judge(made.lab.input()).verdict).toBe('inconclusive');
  const { manifest, ...input } = made.lab.input();
  const taps = manifest.taps.filter(({ name }) => name !== 'leaf-b-host-2');
  expect(judge({ ...input, manifest: { ...manifest, taps } }).verdict).toBe('inconclusive');
});
