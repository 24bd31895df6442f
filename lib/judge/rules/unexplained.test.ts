import { expect, test } from '@playwright/test';
import type { EvidenceManifest } from '../../evidence/types.js';
import { buildFrame } from '../../wire/build.js';
import type { KindId } from '../../wire/kinds.js';
import type { BuildParams } from '../../wire/params.js';
import { judge } from '../judge.js';
import { ANNOUNCEMENTS_PER_CHANGE } from './unexplained.js';
import { makeLab, MS, TAG_10, type MadeLab } from '../testing/lab.js';
import type { Judgement } from '../types.js';

const SALT = 0xc0ffee01;
const VM1 = '02:00:00:00:01:0a';
const LEAF = '02:00:00:0f:00:01';

/** As whoever makes it that is not of this lab: without its token. */
function bare(kind: KindId, sourceMac = VM1, form: Partial<BuildParams> = {}): Uint8Array {
  return buildFrame(kind, {
    sourceMac,
    sourceIpv4: '192.0.2.10',
    sourceIpv6: '2001:db8:a::a',
    gatewayMac: LEAF,
    gatewayIpv4: '192.0.2.1',
    gatewayIpv6: '2001:db8:a::1',
    variation: 1,
    salt: SALT ^ 1,
    id: 1,
    ...form,
  });
}

/** An announcement of vm1's own address, as it comes to a leaf. */
function announcement(kind: KindId, form: Partial<BuildParams> = {}): Uint8Array {
  return bare(kind, VM1, { variation: 0, tags: [TAG_10], ...form });
}

/** A question of a leaf's own kernel for vm1. */
function question(kind: KindId): Uint8Array {
  return buildFrame(kind, {
    sourceMac: LEAF,
    sourceIpv4: '192.0.2.1',
    sourceIpv6: '2001:db8:a::1',
    gatewayMac: VM1,
    gatewayIpv4: '192.0.2.10',
    gatewayIpv6: '2001:db8:a::a',
    variation: 0,
    salt: SALT ^ 1,
    id: 1,
  });
}

/** A right run with the taps that are at every sender. */
function quietLab(): { readonly lab: MadeLab; readonly taps: Readonly<Record<string, string>> } {
  const lab = makeLab();
  const taps = Object.fromEntries(['host', 'vm1', 'vm2'].map((node) => [node, lab.tapSender(node, 'in')]));
  lab.deliver(lab.send('arp-reply-unicast', { tags: [TAG_10] }));
  return { lab, taps };
}

function told({ findings }: Judgement): string[] {
  return findings.map(({ verdict, signature }) => `${verdict} ${signature}`);
}

const NOBODY_SPOKE: Partial<EvidenceManifest> = { stacks: [] };

test('what a leaf hears in the name of a sender that said nothing was invented', () => {
  const { lab } = quietLab();
  for (let i = 0; i < 3; i++) lab.see('leaf-a', bare('arp-reply-unicast'), lab.now() + (i + 1) * MS);
  lab.see('leaf-b', bare('data-udp'), lab.now() + MS);
  const judgement = judge(lab.input(NOBODY_SPOKE));
  expect(judgement.verdict).toBe('fail');
  expect(judgement.findings).toMatchObject([
    { property: 'P1', signature: 'invented', leaf: 'leaf-a', sender: 'vm1', kind: 'arp-reply-unicast', count: 3 },
    { property: 'P4', signature: 'invented', leaf: 'leaf-b', sender: 'vm1', kind: 'data-udp', count: 1 },
  ]);
  expect(judgement.reasons).toEqual([
    'leaf-a heard 3 ARP replies from vm1 (MAC 02:00:00:00:01:0a) that vm1 never sent.',
    'leaf-b heard one frame (of the kind "UDP frames") from vm1 (MAC 02:00:00:00:01:0a) that vm1 never sent.',
  ]);
});

test('kernels and switches say some things by themselves', () => {
  const { lab } = quietLab();
  for (const kind of ['mld-report', 'rarp', 'lacpdu', 'lldp'] as const) lab.see('leaf-a', bare(kind), lab.now() + MS);
  const judgement = judge(lab.input(NOBODY_SPOKE));
  expect(told(judgement)).toEqual([]);
  expect(judgement.verdict).toBe('pass');
});

test('where a kernel may have spoken its frames are noted, unless its witness saw what it said', () => {
  const run = (witness: boolean, changes: Partial<EvidenceManifest>): string[] => {
    const { lab } = quietLab();
    if (witness) lab.tapSender('vm1', 'out');
    lab.see('leaf-a', bare('arp-reply-unicast'), lab.now() + MS);
    lab.see('leaf-a', bare('data-echo'), lab.now() + MS);
    return told(judge(lab.input(changes)));
  };
  // Old evidence does not say.
  expect(run(false, {})).toEqual(['note unasked', 'note unasked']);
  expect(run(true, {})).toEqual(['note unasked', 'note unasked']);
  expect(run(false, { stacks: ['vm1'] })).toEqual(['note unasked', 'note unasked']);
  // A witness records no data.
  expect(run(true, { stacks: ['vm1'] })).toEqual(['fail invented', 'note unasked']);
  expect(run(false, { stacks: ['vm2'] })).toEqual(['fail invented', 'fail invented']);
});

for (const [what, frame, isQuestion] of [
  ['an ARP request', question('arp-request-broadcast'), true],
  ['a Neighbor Solicitation', question('ns-multicast'), true],
  ['a packet', question('data-udp'), true],
  ['a question of another sender for somebody else', bare('arp-request-broadcast', '02:00:00:00:01:0b'), false],
] as const) {
  test(`${what} that comes in at a sender is ${isQuestion ? 'something' : 'nothing'} that its kernel may answer`, () => {
    const { lab, taps } = quietLab();
    lab.see(taps['vm1'] ?? '', frame, lab.now());
    lab.see('leaf-a', bare('arp-reply-unicast'), lab.now() + MS);
    expect(told(judge(lab.input(NOBODY_SPOKE)))).toEqual([isQuestion ? 'note unasked' : 'fail invented']);
  });
}

for (const [kind, isAnswered] of [
  ['arp-request-broadcast', true],
  ['arp-request-unicast', true],
  ['arp-reply-unicast', false],
  ['arp-other', false],
] as const) {
  test(`of the lab's own frames a kernel answers ${isAnswered ? '' : 'no '}${kind}`, () => {
    const { lab, taps } = quietLab();
    const [address] = lab.topology.vms[0]?.addresses ?? [];
    const { id } = lab.send(kind, { sender: 'vm2', tags: [TAG_10], outside: true });
    const frame = buildFrame(kind, {
      sourceMac: '02:00:00:00:01:0b',
      sourceIpv4: '192.0.2.11',
      sourceIpv6: '2001:db8:a::b',
      gatewayMac: VM1,
      gatewayIpv4: address?.ipv4 ?? '',
      gatewayIpv6: address?.ipv6 ?? '',
      variation: kind === 'arp-other' ? 1 : 0,
      salt: SALT,
      id,
    });
    lab.see(taps['vm1'] ?? '', frame, lab.now());
    lab.see('leaf-a', bare('arp-reply-unicast'), lab.now() + MS);
    expect(told(judge(lab.input(NOBODY_SPOKE)))).toEqual([isAnswered ? 'note unasked' : 'fail invented']);
  });
}

test('a tap without certificate shows nothing, neither at the sender nor at the leaf', () => {
  for (const at of ['vm1', 'leaf-a']) {
    const { lab, taps } = quietLab();
    lab.see('leaf-a', bare('arp-reply-unicast'), lab.now() + MS);
    lab.spoil(taps[at] ?? at, { droppedByKernel: 1 });
    expect(told(judge(lab.input(NOBODY_SPOKE)))).toContain('note unasked');
  }
});

test('data that a kernel may have sent is noted apart from neighbor frames', () => {
  const { lab } = quietLab();
  for (const kind of ['data-echo', 'data-udp', 'arp-reply-unicast'] as const)
    lab.see('leaf-a', bare(kind), lab.now() + MS);
  expect(judge(lab.input({ stacks: ['vm1'] })).findings).toMatchObject([
    {
      property: 'P1',
      count: 1,
      sentence:
        'leaf-a also saw 1 neighbor frame with the MAC of vm1 (MAC 02:00:00:00:01:0a) that no probe accounts for.',
    },
    {
      property: 'P4',
      count: 2,
      sentence:
        'leaf-a also saw 2 other frames with the MAC of vm1 (MAC 02:00:00:00:01:0a) that no probe accounts for.',
    },
  ]);
});

/** What is told of these frames on leaf-a at these times, in ms, where a leg is cut at 5 s and comes back at 7 s. */
function aroundFault(frame: Uint8Array, times: readonly number[], sentences: string[] = []): string[] {
  const { lab } = quietLab();
  lab.edge('leg-b', 'down', 5_000 * MS);
  lab.edge('leg-b', 'up', 7_000 * MS);
  for (const at of times) lab.see('leaf-a', frame, at * MS);
  const judgement = judge(lab.input(NOBODY_SPOKE));
  sentences.push(...judgement.reasons);
  return told(judgement);
}

test('after a fault announcements may be made for a sender, before it and answers not', () => {
  for (const kind of ['garp-request', 'garp-reply', 'arp-announcement', 'na-unsolicited'] as const) {
    expect(aroundFault(announcement(kind), [5_000, 5_900, 7_000]), kind).toEqual(['note unasked']);
    expect(aroundFault(announcement(kind), [4_999]), kind).toEqual(['fail invented']);
    expect(aroundFault(announcement(kind), [4_999, 5_900]), kind).toEqual(['fail invented']);
  }
  expect(aroundFault(announcement('arp-reply-unicast'), [5_900])).toEqual(['fail invented']);
});

test('a link-local address as a kernel makes it of its MAC is the sender’s own', () => {
  expect(aroundFault(announcement('na-unsolicited', { sourceIpv6: 'fe80::ff:fe00:10a' }), [5_900])).toEqual([
    'note unasked',
  ]);
  expect(aroundFault(announcement('na-unsolicited', { sourceIpv6: 'fe80::ff:fe00:10b' }), [5_900])).toEqual([
    'fail invented',
  ]);
});

for (const [what, form] of [
  ['the address of another sender', { sourceIpv4: '192.0.2.11', sourceIpv6: '2001:db8:a::b' }],
  ['its address to a network in which it has none', { tags: [{ ...TAG_10, vid: 11 }] }],
  ['its address without the tag of its network', { tags: [] }],
  ['its address with another sort of tag', { tags: [{ ...TAG_10, tpid: 0x88a8 }] }],
  ['its address behind two tags', { tags: [TAG_10, TAG_10] }],
  ['the MAC of another sender', { claimedMac: '02:00:00:00:01:0b' }],
] as const) {
  test(`no fault excuses an announcement that tells ${what}`, () => {
    for (const kind of ['garp-request', 'garp-reply', 'arp-announcement', 'na-unsolicited'] as const) {
      const sentences: string[] = [];
      expect(aroundFault(announcement(kind, form), [5_900], sentences), kind).toEqual(['fail invented']);
      expect(sentences[0]).toContain("that vm1 never sent; what it announces is not vm1's there.");
    }
  });
}

test('what the host announces is its own in the network without tag', () => {
  const own = { tags: [], sourceMac: '02:00:00:00:01:01', sourceIpv4: '198.51.100.10', sourceIpv6: '2001:db8:1::10' };
  for (const kind of ['garp-reply', 'na-unsolicited'] as const) {
    expect(aroundFault(announcement(kind, own), [5_900]), kind).toEqual(['note unasked']);
    expect(aroundFault(announcement(kind, { ...own, tags: [{ ...TAG_10, vid: 0 }] }), [5_900]), kind).toEqual([
      'fail invented',
    ]);
  }
});

test('no fault excuses announcements of a MAC that is nobody’s', () => {
  expect(aroundFault(announcement('garp-request', { sourceMac: '02:00:00:01:00:01' }), [5_900])).toEqual([
    'fail invented',
  ]);
});

test('of announcements after a fault those are told apart that are the sender’s own', () => {
  const { lab } = quietLab();
  lab.edge('leg-b', 'up', 5_000 * MS);
  lab.see('leaf-a', announcement('garp-reply'), 5_100 * MS);
  lab.see('leaf-a', announcement('garp-reply', { sourceIpv4: '192.0.2.11' }), 5_200 * MS);
  expect(judge(lab.input(NOBODY_SPOKE)).findings).toMatchObject([
    { signature: 'invented', count: 1 },
    { signature: 'unasked', count: 1 },
  ]);
});

test('a fault and its repair excuse few announcements each, not a storm', () => {
  const some = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
  expect(
    aroundFault(announcement('garp-request'), [
      ...some(5_100, ANNOUNCEMENTS_PER_CHANGE),
      ...some(7_100, ANNOUNCEMENTS_PER_CHANGE),
    ]),
  ).toEqual(['note unasked']);
  expect(aroundFault(announcement('garp-request'), some(5_100, ANNOUNCEMENTS_PER_CHANGE + 1))).toEqual([
    'fail invented',
  ]);
  expect(aroundFault(announcement('na-unsolicited'), some(7_100, ANNOUNCEMENTS_PER_CHANGE + 1))).toEqual([
    'fail invented',
  ]);
});

/** What is told of a neighbor frame and of data on leaf-a, both of a MAC that is no sender's. */
function ofStranger(changes: Partial<EvidenceManifest>, spoil: (lab: MadeLab) => void = () => undefined): string[] {
  const { lab } = quietLab();
  spoil(lab);
  for (const kind of ['arp-reply-unicast', 'data-udp'] as const)
    lab.see('leaf-a', bare(kind, '02:00:00:01:00:01'), lab.now() + MS);
  return told(judge(lab.input(changes))).filter((line) => /(invented|unasked)$/.test(line));
}

test('a frame of a MAC that is nobody’s is invented whoever may have spoken', () => {
  for (const stacks of [[], ['host'], ['host', 'vm1', 'vm2']])
    expect(ofStranger({ stacks })).toEqual(['fail invented', 'fail invented']);
  // Another interface's than that.
  expect(ofStranger({ stacks: ['host'], hostMacs: ['02:00:00:00:01:01', '02:00:00:01:00:02'] })).toEqual([
    'fail invented',
    'fail invented',
  ]);
});

test('a frame of a MAC that is no sender’s is noted where a program on the host may have spoken with it, or nothing is known', () => {
  const noted = ['note unasked', 'note unasked'];
  // Whatever a witness saw of the host's own NIC.
  for (const witness of [false, true])
    expect(
      ofStranger({ stacks: ['host'], hostMacs: ['02:00:00:01:00:01'] }, (lab) =>
        witness ? void lab.tapSender('host', 'out') : undefined,
      ),
    ).toEqual(noted);
  expect(ofStranger({})).toEqual(noted);
  expect(ofStranger(NOBODY_SPOKE, (lab) => lab.spoil('leaf-a', { droppedByKernel: 1 }))).toEqual(noted);
});

test('MACs that are nobody’s are told apart, however many there are', () => {
  const { lab } = quietLab();
  const macs = [1, 2, 3, 4].map((last) => `02:00:00:01:00:0${last}`);
  for (const mac of macs) lab.see('leaf-a', bare('arp-reply-unicast', mac), lab.now() + MS);
  expect(judge(lab.input(NOBODY_SPOKE)).reasons).toEqual(
    macs.map(
      (mac) =>
        `leaf-a heard one frame (of the kind "ARP replies") from the MAC ${mac}, which is no sender's: nobody sent them.`,
    ),
  );
});

/** A right frame, and beside it one more on leaf-a that somebody worked on. */
function withAnother(kind: KindId, alter: (frame: Uint8Array) => Uint8Array): Judgement {
  const { lab } = quietLab();
  const probe = lab.send(kind, { tags: [TAG_10] });
  lab.deliver(probe, kind.startsWith('data-') ? ['leaf-b'] : undefined);
  lab.copy(probe, 'leaf-a', { afterNs: 90_000, alter });
  return judge(lab.input(NOBODY_SPOKE));
}

test('one copy more is one too many whatever was added behind its token', () => {
  const more = (frame: Uint8Array): Uint8Array => Uint8Array.of(...frame, 0xde, 0xad);
  const judgement = withAnother('arp-reply-unicast', more);
  expect(told(judgement)).toEqual(['fail duplicate', 'fail identity']);
  expect(judgement.deliveries[1]?.leaves['leaf-a']).toMatchObject({
    outcome: 'duplicate',
    copies: [{ differences: [] }, { differences: ['2 bytes are added: dead'] }],
  });
  expect(told(withAnother('data-udp', more))).toContain('fail data-replicated');
});

test('one copy more that has lost its token is one that nobody sent', () => {
  for (const kind of ['arp-reply-unicast', 'na-solicited', 'data-udp'] as const) {
    // Its end is gone, or was filled anew.
    expect(told(withAnother(kind, (frame) => frame.subarray(0, -5))), kind).toEqual(['fail invented']);
    expect(told(withAnother(kind, (frame) => frame.fill(0, -12))), kind).toEqual(['fail invented']);
  }
});

test('a message of somebody else that only quotes a probe is no copy of it', () => {
  const { lab } = quietLab();
  const probe = lab.send('arp-reply-unicast', { tags: [TAG_10] });
  lab.deliver(probe);
  const error = bare('data-other', '02:00:00:00:01:0b');
  lab.see('leaf-a', Uint8Array.of(...error.subarray(0, -12), ...Buffer.from(probe.frame, 'hex'), 1), lab.now() + MS);
  expect(told(judge(lab.input({ stacks: ['vm2'] })))).toEqual(['note unasked']);
});
