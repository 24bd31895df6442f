import { expect, test } from '@playwright/test';
import type { EvidenceManifest, TimelineChange } from '../../evidence/types.js';
import { DEFAULT_PROFILE } from '../../profile/registry.js';
import type { KindId } from '../../wire/kinds.js';
import { judge } from '../judge.js';
import { makeLab, MS, TAG_10, type MadeLab, type SendOptions } from '../testing/lab.js';
import type { Judgement } from '../types.js';

interface Room {
  readonly lab: MadeLab;
  /** The tap at vm1's NIC. */
  readonly ear: string;
  /** A frame of a leaf to vm1. */
  readonly send: (kind: KindId, options?: SendOptions) => ReturnType<MadeLab['send']>;
}

/** Good frames of a sender, and vm1 that listens. */
function room(mode: string = 'balance-tcp'): Room {
  const lab = makeLab({ mode });
  lab.deliver(lab.send('arp-request-broadcast', { tags: [TAG_10] }));
  const ear = lab.tapSender('vm1', 'in');
  return {
    lab,
    ear,
    send: (kind, options = {}) => lab.send(kind, { sender: 'leaf-a', to: 'vm1', tags: [TAG_10], ...options }),
  };
}

const told = ({ findings }: Judgement): string[] =>
  findings.map(({ verdict, signature, property }) => `${verdict} ${signature} ${property}`);

const LOST = ['fail missing-inbound P4'];
const LOST_ON_HOST = ['fail missing-on-host P1'];

test('P4: data that a leaf sends to the MAC of a VM is heard there once', () => {
  const { lab, ear, send } = room();
  lab.copy(send('data-tcp'), ear);
  expect(judge(lab.input())).toMatchObject({ verdict: 'pass', findings: [] });
  const gone = send('data-tcp');
  const judgement = judge(lab.input());
  expect(told(judgement)).toEqual(LOST);
  expect(judgement.findings).toMatchObject([
    { sender: 'leaf-a', kind: 'data-tcp', count: 1, of: 2, probes: [gone.id] },
  ]);
  expect(judgement.reasons).toEqual(['vm1 never received 1 of 2 TCP frames that leaf-a sent to its MAC.']);
  expect(judgement.deliveries.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'fail']);
});

test('P1: so is a neighbor frame, and twice is too often', () => {
  const { lab, ear, send } = room();
  const twice = send('ns-unicast');
  lab.copy(twice, ear);
  lab.copy(twice, ear, { afterNs: 90_000 });
  send('arp-reply-unicast');
  expect(told(judge(lab.input()))).toEqual(['fail missing-inbound P1', 'fail duplicate P1']);
});

test('many kinds that are lost are one reason', () => {
  const { lab, send } = room();
  for (const kind of ['data-tcp', 'data-udp', 'data-echo', 'ns-unicast'] as const) send(kind);
  expect(judge(lab.input()).reasons).toEqual([
    'Host and VMs never received 4 of 4 frames of 4 kinds from leaf-a. For instance: vm1 never received 1 of 1 TCP frames that leaf-a sent to its MAC.',
  ]);
});

test('nothing is said of what is for all, of a network that the VM is not in, of router and malformed messages, nor of another MAC', () => {
  const { lab, send } = room();
  send('arp-request-broadcast');
  send('data-mdns');
  send('redirect');
  send('ns-fragment');
  send('data-udp', { tags: [{ ...TAG_10, vid: 11 }] });
  send('data-udp', { tags: [] });
  send('data-udp', { outside: true });
  lab.send('data-udp', { sender: 'leaf-a', tags: [TAG_10] });
  const input = lab.input();
  // A firewall may drop it, also where it is for one machine.
  const probes = input.probes.map((probe) =>
    probe.kind === 'ns-fragment' ? { ...probe, frame: `02000000010a${probe.frame.slice(12)}` } : probe,
  );
  expect(judge({ ...input, probes })).toMatchObject({ verdict: 'pass', findings: [] });
});

test('nor where nobody listens, or the capture there proves nothing', () => {
  const { lab, ear, send } = room();
  send('data-udp', { to: 'vm2' });
  expect(judge(lab.input()).findings).toEqual([]);
  send('data-udp');
  expect(told(judge(lab.input()))).toEqual(LOST);
  lab.spoil(ear, { droppedByKernel: 1 });
  expect(told(judge(lab.input()))).toEqual(['inconclusive drops validity']);
});

test('what goes out at a VM’s NIC was not heard there', () => {
  const lab = makeLab();
  lab.deliver(lab.send('arp-request-broadcast'));
  lab.tapSender('vm1', 'out');
  lab.send('data-udp', { sender: 'leaf-a', to: 'vm1', tags: [TAG_10] });
  expect(judge(lab.input()).findings).toEqual([]);
});

test('the host hears what is for it on the native network', () => {
  const { lab, send } = room();
  const ear = lab.tapSender('host', 'in');
  const probe = send('data-udp', { to: 'host', tags: [] });
  expect(told(judge(lab.input()))).toEqual(LOST);
  lab.copy(probe, ear);
  expect(judge(lab.input()).findings).toEqual([]);
});

test('P1: what a VM sends to all is heard by the others of its network on the same host', () => {
  const { lab, ear } = room();
  const [heard, lost] = [
    lab.send('arp-request-broadcast', { sender: 'vm2', tags: [TAG_10] }),
    lab.send('arp-request-broadcast', { sender: 'vm2', tags: [TAG_10] }),
  ];
  lab.deliver(heard);
  lab.deliver(lost);
  lab.copy(heard, ear);
  const judgement = judge(lab.input());
  expect(told(judgement)).toEqual(LOST_ON_HOST);
  expect(judgement.findings).toMatchObject([
    { sender: 'vm2', kind: 'arp-request-broadcast', count: 1, of: 2, probes: [lost.id] },
  ]);
  expect(judgement.reasons).toEqual([
    'vm1 never received 1 of 2 broadcast ARP requests that vm2 sent to all on the same host.',
  ]);
  expect(judgement.deliveries.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'fail']);
  lab.copy(lost, ear);
  expect(judge(lab.input())).toMatchObject({ verdict: 'pass', findings: [] });
  lab.copy(lost, ear, { afterNs: 90_000 });
  expect(told(judge(lab.input()))).toEqual(['fail duplicate P1']);
});

test('what it sends to the MAC of one of them is heard there, and no leaf needs it', () => {
  const { lab, ear } = room();
  const reply = lab.send('arp-reply-unicast', { sender: 'vm2', to: 'vm1', tags: [TAG_10] });
  const lost = judge(lab.input());
  expect(told(lost)).toEqual(LOST_ON_HOST);
  expect(lost.reasons).toEqual(['vm1 never received 1 of 1 ARP replies that vm2 sent to its MAC on the same host.']);
  lab.copy(reply, ear);
  const good = {
    verdict: 'pass',
    findings: [],
    deliveries: [
      {},
      {
        duty: 'on-host',
        verdict: 'pass',
        leaves: { 'leaf-a': { outcome: 'not-expected' }, 'leaf-b': { outcome: 'not-expected' } },
      },
    ],
  };
  expect(judge(lab.input())).toMatchObject(good);
  // A replicator that does not look at the destination copies it; that a leaf hears it does no harm.
  lab.deliver(reply);
  expect(judge(lab.input())).toMatchObject({
    ...good,
    deliveries: [{}, { verdict: 'pass', leaves: { 'leaf-a': { outcome: 'delivered' } } }],
  });
});

test('P4: data between them is heard, too, and comes out at one leaf at most', () => {
  const { lab, ear } = room();
  const data = lab.send('data-udp', { sender: 'vm2', to: 'vm1', tags: [TAG_10] });
  expect(told(judge(lab.input()))).toEqual(['fail missing-on-host P4']);
  lab.copy(data, ear);
  expect(judge(lab.input())).toMatchObject({ verdict: 'pass', findings: [] });
  // The switch had not learned where vm1 is.
  lab.deliver(data, ['leaf-b']);
  expect(judge(lab.input())).toMatchObject({ verdict: 'pass', findings: [] });
  lab.deliver(data, ['leaf-a']);
  expect(judge(lab.input()).reasons).toEqual([expect.stringContaining('must be sent once and were copied')]);
});

test('nobody on the host has to hear what is in another network, malformed or for a port alone; nor where the profile does not speak of it, or nobody listens', () => {
  const { lab, ear } = room();
  lab.deliver(lab.send('arp-request-broadcast', { sender: 'host' }));
  lab.send('nd-malformed', { sender: 'vm2', tags: [TAG_10] });
  lab.send('lldp', { sender: 'vm2', tags: [TAG_10] });
  expect(judge(lab.input())).toMatchObject({ verdict: 'pass', findings: [] });
  lab.deliver(lab.send('arp-request-broadcast', { sender: 'vm2', tags: [TAG_10] }));
  expect(told(judge(lab.input()))).toEqual(LOST_ON_HOST);
  const { deliversOnHost, ...silent } = DEFAULT_PROFILE;
  expect(deliversOnHost).toBe(true);
  expect(judge(lab.input({ profile: silent }))).toMatchObject({ verdict: 'pass', findings: [] });
  lab.spoil(ear, { droppedByKernel: 1 });
  expect(told(judge(lab.input()))).toEqual(['inconclusive drops validity']);
});

test('where nobody on the host hears another, nothing is due there', () => {
  const { lab } = room();
  lab.deliver(lab.send('arp-request-broadcast', { sender: 'vm2', tags: [TAG_10] }));
  const { plane } = lab.input().manifest;
  const under = (onHost: 'vms' | 'nobody' | 'joined') => told(judge(lab.input({ plane: { ...plane, onHost } })));
  expect(told(judge(lab.input()))).toEqual(LOST_ON_HOST);
  expect(under('vms')).toEqual(LOST_ON_HOST);
  expect(under('nobody')).toEqual([]);
  expect(under('joined')).toEqual(LOST_ON_HOST);
});

test('what goes to a group is due inside of a NIC to none that may not have asked for it', () => {
  const { lab } = room();
  lab.deliver(lab.send('ns-multicast', { sender: 'vm2', tags: [TAG_10] }));
  const { plane } = lab.input().manifest;
  expect(told(judge(lab.input()))).toEqual(LOST_ON_HOST);
  expect(told(judge(lab.input({ plane: { ...plane, onHost: 'joined' } })))).toEqual([]);
});

test('an active-backup bond takes frames of its active leg only, and where that is not known nothing is claimed', () => {
  const { lab, send } = room('active-backup');
  send('data-udp');
  for (const [activeLeg, findings] of [
    ['leg-a', LOST],
    ['leg-b', []],
    [undefined, []],
  ] as const)
    expect(told(judge(lab.input({ ...(activeLeg === undefined ? {} : { activeLeg }) })))).toEqual(findings);
  const slb = room('balance-slb');
  slb.send('data-udp', { sender: 'leaf-b' });
  expect(told(judge(slb.lab.input()))).toEqual(LOST);
});

test('from the first change on that the lab made nothing is claimed, nor shortly before it', () => {
  const found = (change: TimelineChange, atMs: number): string[] => {
    const { lab, send } = room();
    send('data-udp', { at: 1_000 * MS });
    const ns = String(1_760_000_000_000_000_000n + BigInt(atMs) * BigInt(MS));
    const timeline: EvidenceManifest['timeline'] = [{ ...change, fromNs: ns, toNs: ns }];
    return told(judge(lab.input({ timeline }))).filter((text) => text.includes('inbound'));
  };
  const deaf = { type: 'wire', leg: 'leg-b', direction: 'to-host', state: 'lost', verb: 'deafen' } as const;
  const left = {
    type: 'observed',
    what: 'member',
    node: 'host',
    port: 'up0',
    leg: 'leg-a',
    state: 'disabled',
  } as const;
  for (const change of [deaf, left]) {
    expect(found(change, 900)).toEqual([]);
    // Within the late band.
    expect(found(change, 1_190)).toEqual([]);
    expect(found(change, 1_210)).toEqual(LOST);
  }
  for (const harmless of [
    { ...left, state: 'enabled' },
    { ...left, what: 'partner', state: '02:00:00:0f:00:ac' },
    { type: 'mark', text: 'noon' },
  ] as const)
    expect(found(harmless, 900)).toEqual(LOST);
});

test('where the configuration is wrong or the host’s switch lost frames, that may be why', () => {
  const { lab, send } = room();
  send('data-udp');
  expect(
    told(judge(lab.input({ audit: [{ name: 'member up0', ok: false, value: 'disabled', command: 'bond/show' }] }))),
  ).toEqual(['blocked audit P15']);
  expect(told(judge(lab.input({ switchDrops: [{ node: 'host', dropped: 1 }] })))).toEqual([
    'inconclusive missing-inbound P4',
    'inconclusive drops validity',
  ]);
});
