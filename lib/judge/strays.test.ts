import { expect, test } from '@playwright/test';
import type { EvidenceManifest } from '../evidence/types.js';
import { buildFrame } from '../wire/build.js';
import type { KindId } from '../wire/kinds.js';
import { judge } from './judge.js';
import { ANNOUNCEMENTS_PER_CHANGE } from './strays.js';
import { makeLab, MS, TAG_10, type MadeLab } from './testing/lab.js';
import type { Judgement, Signature } from './types.js';

const SALT = 0xc0ffee01;
const VM1 = '02:00:00:00:01:0a';
const LEAF = '02:00:00:0f:00:01';

/** As whoever makes it that is not of this lab: without its token. */
function bare(kind: KindId, sourceMac = VM1): Uint8Array {
  return buildFrame(kind, {
    sourceMac, sourceIpv4: '192.0.2.10', sourceIpv6: '2001:db8:a::a', gatewayMac: LEAF, gatewayIpv4: '192.0.2.1', gatewayIpv6: '2001:db8:a::1', variation: 1, salt: SALT ^ 1, id: 1,
  });
}

/** A question of a leaf's own kernel for vm1. */
function question(kind: KindId): Uint8Array {
  return buildFrame(kind, {
    sourceMac: LEAF, sourceIpv4: '192.0.2.1', sourceIpv6: '2001:db8:a::1', gatewayMac: VM1, gatewayIpv4: '192.0.2.10', gatewayIpv6: '2001:db8:a::a', variation: 0, salt: SALT ^ 1, id: 1,
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
  expect(run(false, {})).toEqual(['note unasked']);
  expect(run(true, {})).toEqual(['note unasked']);
  expect(run(false, { stacks: ['vm1'] })).toEqual(['note unasked']);
  // A witness records no data.
  expect(run(true, { stacks: ['vm1'] })).toEqual(['fail invented']);
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

for (const [kind, isAnswered] of [['arp-request-broadcast', true], ['arp-request-unicast', true], ['arp-reply-unicast', false], ['arp-other', false]] as const) {
  test(`of the lab's own frames a kernel answers ${isAnswered ? '' : 'no '}${kind}`, () => {
    const { lab, taps } = quietLab();
    const [address] = lab.topology.vms[0]?.addresses ?? [];
    const { id } = lab.send(kind, { sender: 'vm2', tags: [TAG_10], outside: true });
    const frame = buildFrame(kind, {
      sourceMac: '02:00:00:00:01:0b', sourceIpv4: '192.0.2.11', sourceIpv6: '2001:db8:a::b', gatewayMac: VM1, gatewayIpv4: address?.ipv4 ?? '', gatewayIpv6: address?.ipv6 ?? '', variation: kind === 'arp-other' ? 1 : 0, salt: SALT, id,
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

/** What is told of frames on leaf-a at these times, in ms, where a leg is cut at 5 s and comes back at 7 s. */
function aroundFault(kind: KindId, times: readonly number[]): string[] {
  const { lab } = quietLab();
  lab.edge('leg-b', 'down', 5_000 * MS);
  lab.edge('leg-b', 'up', 7_000 * MS);
  for (const at of times) lab.see('leaf-a', bare(kind), at * MS);
  return told(judge(lab.input(NOBODY_SPOKE)));
}

test('after a fault announcements may be made for a sender, before it and answers not', () => {
  for (const kind of ['garp-request', 'garp-reply', 'arp-announcement', 'na-unsolicited'] as const) {
    expect(aroundFault(kind, [5_000, 5_900, 7_000]), kind).toEqual(['note unasked']);
    expect(aroundFault(kind, [4_999]), kind).toEqual(['fail invented']);
    expect(aroundFault(kind, [4_999, 5_900]), kind).toEqual(['fail invented']);
  }
  expect(aroundFault('arp-reply-unicast', [5_900])).toEqual(['fail invented']);
});

test('a fault and its repair excuse few announcements each, not a storm', () => {
  const some = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
  expect(aroundFault('garp-request', [...some(5_100, ANNOUNCEMENTS_PER_CHANGE), ...some(7_100, ANNOUNCEMENTS_PER_CHANGE)])).toEqual(['note unasked']);
  expect(aroundFault('garp-request', some(5_100, ANNOUNCEMENTS_PER_CHANGE + 1))).toEqual(['fail invented']);
  expect(aroundFault('na-unsolicited', some(7_100, ANNOUNCEMENTS_PER_CHANGE + 1))).toEqual(['fail invented']);
});

test('a frame of a MAC that is nobody’s is invented where nobody spoke at all', () => {
  const run = (stacks: readonly string[]): Signature[] => {
    const { lab } = quietLab();
    lab.see('leaf-a', bare('arp-reply-unicast', '02:00:00:01:00:01'), lab.now() + MS);
    return judge(lab.input({ stacks })).findings.map(({ signature }) => signature);
  };
  expect(run([])).toEqual(['invented']);
  expect(run(['host'])).toEqual(['unasked']);
});

test('MACs that are nobody’s are told apart, however many there are', () => {
  const { lab } = quietLab();
  const macs = [1, 2, 3, 4].map((last) => `02:00:00:01:00:0${last}`);
  for (const mac of macs) lab.see('leaf-a', bare('arp-reply-unicast', mac), lab.now() + MS);
  expect(judge(lab.input(NOBODY_SPOKE)).reasons).toEqual(macs.map((mac) => `leaf-a heard one frame (of the kind "ARP replies") from the MAC ${mac}, which is no sender's: nobody sent them.`));
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
  expect(judgement.deliveries[1]?.leaves['leaf-a']).toMatchObject({ outcome: 'duplicate', copies: [{ differences: [] }, { differences: ['2 bytes are added: dead'] }] });
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
  expect(told(judge(lab.input({ stacks: ['vm2'] })))).toEqual([]);
});
