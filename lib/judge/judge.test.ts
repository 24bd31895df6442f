import { expect, test } from '@playwright/test';
import { parseMac } from '../wire/address.js';
import { buildFrame } from '../wire/build.js';
import { DEFAULT_PROFILE } from '../profile/registry.js';
import { judge } from './judge.js';
import { makeLab, MS, TAG_10, times, type MadeLab } from './testing/lab.js';
import type { Judgement, Outcome, Signature } from './types.js';

const NEIGHBORS = ['arp-request-broadcast', 'arp-reply-unicast', 'ns-multicast', 'ns-dad', 'na-solicited'] as const;

function outcomes(judgement: Judgement, at = 0): Record<string, Outcome> {
  return Object.fromEntries(
    Object.entries(judgement.deliveries[at]?.leaves ?? {}).map(([leaf, delivery]) => [leaf, delivery.outcome]),
  );
}

function signatures(judgement: Judgement): Signature[] {
  return [...new Set(judgement.findings.map((finding) => finding.signature))];
}

/** One good probe, so that a verdict does not hang on the emptiness of a test. */
function good(lab: MadeLab): void {
  lab.deliver(lab.send('arp-request-broadcast'));
}

test('every neighbor frame once on every leaf is a pass', () => {
  const lab = makeLab();
  for (const kind of NEIGHBORS)
    for (const sender of ['host', 'vm1', 'vm2'])
      lab.deliver(lab.send(kind, { sender, tags: sender === 'host' ? [] : [TAG_10] }));
  const judgement = judge(lab.input());
  expect(judgement.findings).toEqual([]);
  expect(judgement.verdict).toBe('pass');
  expect(judgement.totals).toMatchObject({ probes: 15, delivered: 15, missing: 0, duplicate: 0, altered: 0 });
  expect(judgement.skew).toEqual({ p50Ns: 20_000, p99Ns: 20_000, maxNs: 20_000 });
  expect(judgement.deliveries[0]?.leaves['leaf-a']?.copies).toHaveLength(1);
  expect(judgement.certificates['leaf-b']).toMatchObject({ valid: true, drops: 0 });
});

test('P1: a missing copy is told with the leaf, the sender and what the other leaf saw', () => {
  const lab = makeLab();
  times(12, () => lab.deliver(lab.send('arp-reply-unicast', { sender: 'vm2' }), ['leaf-a']));
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('fail');
  expect(outcomes(judgement)).toEqual({ 'leaf-a': 'delivered', 'leaf-b': 'missing' });
  expect(judgement.reasons).toEqual([
    'leaf-b never saw 12 of 12 ARP replies from vm2 (MAC 02:00:00:00:01:0b); leaf-a saw each once.',
  ]);
  expect(judgement.byLeaf['leaf-b']?.missing).toBe(12);
  expect(judgement.kinds['arp-reply-unicast']).toMatchObject({ probes: 12, delivered: 0, missing: 12 });
  expect(judgement.findings[0]).toMatchObject({
    property: 'P1',
    signature: 'missing',
    leaf: 'leaf-b',
    kind: 'arp-reply-unicast',
    sender: 'vm2',
    count: 12,
    of: 12,
  });
});

test('P1: two copies on one leaf are a duplicate, also when the other leaf has none', () => {
  const lab = makeLab();
  const both = lab.send('ns-unicast');
  lab.deliver(both);
  lab.copy(both, 'leaf-a', { afterNs: 90_000 });
  const lopsided = lab.send('ns-unicast');
  lab.copy(lopsided, 'leaf-b');
  lab.copy(lopsided, 'leaf-b', { afterNs: 60_000 });
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('fail');
  expect(outcomes(judgement, 0)).toEqual({ 'leaf-a': 'duplicate', 'leaf-b': 'delivered' });
  expect(outcomes(judgement, 1)).toEqual({ 'leaf-a': 'missing', 'leaf-b': 'duplicate' });
  expect(signatures(judgement)).toEqual(['missing', 'duplicate']);
  expect(judgement.totals).toMatchObject({ missing: 1, duplicate: 2 });
});

test('a copy after the window is a copy nevertheless', () => {
  const lab = makeLab();
  const probe = lab.send('arp-probe');
  lab.deliver(probe);
  lab.copy(probe, 'leaf-a', { afterNs: 11_000 * MS });
  expect(outcomes(judge(lab.input()))['leaf-a']).toBe('duplicate');
});

test('P2: an altered copy is told with what differs', () => {
  const lab = makeLab();
  const probe = lab.send('arp-reply-unicast', { tags: [TAG_10] });
  lab.copy(probe, 'leaf-a');
  lab.copy(probe, 'leaf-b', {
    alter: (frame) => {
      frame.set(parseMac('02:00:00:01:00:02'), 6);
      return frame;
    },
  });
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('fail');
  expect(outcomes(judgement)).toEqual({ 'leaf-a': 'delivered', 'leaf-b': 'altered' });
  expect(judgement.deliveries[0]?.leaves['leaf-b']?.copies[0]?.differences).toEqual([
    'source MAC is 02:00:00:01:00:02, was 02:00:00:00:01:0a',
  ]);
  expect(signatures(judgement)).toEqual(['identity']);
  expect(judgement.totals.altered).toBe(1);
});

test('P2: a lost tag is an altered copy', () => {
  const lab = makeLab();
  const probe = lab.send('ns-dad', { tags: [TAG_10] });
  lab.copy(probe, 'leaf-a');
  lab.see('leaf-b', Uint8Array.from(Buffer.from(probe.frame, 'hex')), lab.now() + 60_000);
  const judgement = judge(lab.input());
  expect(outcomes(judgement)).toEqual({ 'leaf-a': 'delivered', 'leaf-b': 'altered' });
});

test('P3: a copy beyond the late band is late; skew is judged where the profile sets a limit', () => {
  const lab = makeLab();
  const probe = lab.send('na-solicited');
  lab.copy(probe, 'leaf-a');
  lab.copy(probe, 'leaf-b', { afterNs: 1_000 * MS });
  const judgement = judge(lab.input());
  expect(outcomes(judgement)).toEqual({ 'leaf-a': 'delivered', 'leaf-b': 'late' });
  expect(signatures(judgement)).toEqual(['late']);
  expect(judgement.totals.late).toBe(1);

  const second = makeLab();
  second.deliver(second.send('na-solicited'));
  expect(judge(second.input(), { ...DEFAULT_PROFILE, maxSkewNs: 20_000 }).verdict).toBe('pass');
  const skewed = judge(second.input(), { ...DEFAULT_PROFILE, maxSkewNs: 19_999 });
  expect(skewed.verdict).toBe('fail');
  expect(signatures(skewed)).toEqual(['skew']);
  expect(skewed.deliveries[0]?.verdict).toBe('fail');
});

test('P4: data is sent once; twice or never is a failure', () => {
  const lab = makeLab();
  lab.deliver(lab.send('data-udp'), ['leaf-b']);
  const twice = lab.send('data-udp');
  lab.copy(twice, 'leaf-b', { afterNs: 10_000 });
  lab.copy(twice, 'leaf-a', { afterNs: 20_000 });
  lab.send('data-udp');
  const judgement = judge(lab.input());
  expect(judgement.deliveries.map((delivery) => delivery.verdict)).toEqual(['pass', 'fail', 'fail']);
  expect(outcomes(judgement, 0)).toEqual({ 'leaf-a': 'not-expected', 'leaf-b': 'delivered' });
  expect(outcomes(judgement, 1)).toEqual({ 'leaf-a': 'unexpected', 'leaf-b': 'delivered' });
  expect(outcomes(judgement, 2)).toEqual({ 'leaf-a': 'missing', 'leaf-b': 'missing' });
  expect(signatures(judgement)).toEqual(['data-replicated', 'data-lost']);
  expect(judgement.totals).toMatchObject({ dataFrames: 3, dataDuplicated: 1, missing: 1 });
});

test('P4: two copies on the same leaf are too many as well', () => {
  const lab = makeLab();
  const probe = lab.send('near-miss-udp-arp');
  lab.copy(probe, 'leaf-b');
  lab.copy(probe, 'leaf-b', { afterNs: 70_000 });
  const judgement = judge(lab.input());
  expect(outcomes(judgement)).toEqual({ 'leaf-a': 'not-expected', 'leaf-b': 'duplicate' });
  expect(signatures(judgement)).toEqual(['data-replicated']);
});

test('P4: twenty flows on one leg are no accident, nineteen may be', () => {
  const run = (flows: number, mode: 'balance-tcp' | 'active-backup'): Judgement => {
    const lab = makeLab({ mode });
    times(flows, (flow) => lab.deliver(lab.send('data-tcp', { flow }), ['leaf-a']));
    return judge(lab.input());
  };
  expect(run(19, 'balance-tcp').verdict).toBe('pass');
  const judgement = run(20, 'balance-tcp');
  expect(judgement.verdict).toBe('fail');
  expect(judgement.reasons).toEqual([
    '20 data flows of vm1 were spread over the legs and none of them reached leaf-b.',
  ]);
  expect(run(20, 'active-backup').verdict).toBe('pass');
});

test('P4: senders that are pinned to one leg each make no spread together', () => {
  const run = (flows: number): Judgement => {
    const lab = makeLab();
    times(flows, (flow) => {
      lab.deliver(lab.send('data-tcp', { flow, sender: 'vm1' }), ['leaf-a']);
      lab.deliver(lab.send('data-tcp', { flow, sender: 'vm2' }), ['leaf-b']);
    });
    return judge(lab.input());
  };
  expect(run(19).verdict).toBe('pass');
  expect(run(20).reasons).toEqual([
    '20 data flows of vm1 were spread over the legs and none of them reached leaf-b.',
    '20 data flows of vm2 were spread over the legs and none of them reached leaf-a.',
  ]);
});

test('P4: flows on both legs are spread', () => {
  const lab = makeLab();
  times(20, (flow) => lab.deliver(lab.send('data-tcp', { flow }), [flow === 7 ? 'leaf-b' : 'leaf-a']));
  expect(judge(lab.input()).findings).toEqual([]);
});

test('P5: a frame that one leaf sent must not reach another, nor come back', () => {
  const lab = makeLab();
  good(lab);
  const quiet = lab.send('arp-request-broadcast', { sender: 'leaf-a' });
  const loud = lab.send('arp-request-broadcast', { sender: 'leaf-a' });
  lab.copy(loud, 'leaf-b');
  const judgement = judge(lab.input());
  expect(judgement.deliveries.map((delivery) => delivery.verdict)).toEqual(['pass', 'pass', 'fail']);
  expect(outcomes(judgement, 2)).toEqual({ 'leaf-a': 'not-expected', 'leaf-b': 'unexpected' });
  expect(signatures(judgement)).toEqual(['reflection']);
  expect(judgement.totals).toMatchObject({ reflected: 1, probes: 1 });
  expect(quiet.id).toBe(2);
});

test('P5: a frame with the MAC of a gateway comes from no host', () => {
  const lab = makeLab();
  good(lab);
  const stray = buildFrame('arp-request-unicast', {
    sourceMac: '02:00:00:0f:00:01',
    sourceIpv4: '192.0.2.1',
    sourceIpv6: '2001:db8:a::1',
    gatewayMac: '02:00:00:00:01:0a',
    gatewayIpv4: '192.0.2.10',
    gatewayIpv6: '2001:db8:a::a',
    variation: 0,
    salt: 1,
    id: 1,
  });
  lab.see('leaf-b', stray, lab.now() + MS);
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('fail');
  expect(signatures(judgement)).toEqual(['reflection']);
  expect(judgement.background['arp-request-unicast']).toEqual({ 'leaf-a': 0, 'leaf-b': 1 });
});

test('P5: a sender never receives its own frame', () => {
  const lab = makeLab();
  const tap = lab.tapSender('vm1', 'in');
  const probe = lab.send('ns-dad');
  lab.deliver(probe);
  expect(judge(lab.input()).verdict).toBe('pass');
  lab.copy(probe, tap);
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('fail');
  expect(signatures(judgement)).toEqual(['returned-to-sender']);
  expect(judgement.deliveries[0]?.verdict).toBe('fail');
  expect(judgement.totals.reflected).toBe(1);
});

test('P5: where a NIC returns what goes to a group, a sender has its own back once on each leg, and no more', () => {
  const lab = makeLab();
  const tap = lab.tapSender('vm1', 'in');
  const { plane } = lab.input().manifest;
  const under = () => signatures(judge(lab.input({ plane: { ...plane, returnsOwn: true } })));
  const dad = lab.send('ns-dad');
  lab.deliver(dad);
  lab.input().manifest.topology.legs.forEach(() => lab.copy(dad, tap));
  expect(signatures(judge(lab.input()))).toEqual(['returned-to-sender']);
  expect(under()).toEqual([]);
  lab.copy(dad, tap);
  expect(under()).toEqual(['returned-to-sender']);
  const other = makeLab();
  const ear = other.tapSender('vm1', 'in');
  const reply = other.send('arp-reply-unicast');
  other.deliver(reply);
  other.copy(reply, ear);
  expect(signatures(judge(other.input({ plane: { ...plane, returnsOwn: true } })))).toEqual(['returned-to-sender']);
});

test('P5: what others send to a VM is not its own', () => {
  const lab = makeLab();
  const tap = lab.tapSender('vm1', 'in');
  const probe = lab.send('arp-request-broadcast', { sender: 'vm2', tags: [TAG_10] });
  lab.deliver(probe);
  lab.copy(probe, tap);
  expect(judge(lab.input()).verdict).toBe('pass');
});

test('P1: what others send to a VM reaches it once, be it of another sender or of a leaf', () => {
  for (const sender of ['vm2', 'leaf-a']) {
    const lab = makeLab();
    good(lab);
    const tap = lab.tapSender('vm1', 'in');
    const probe = lab.send('arp-request-broadcast', { sender, tags: [TAG_10] });
    if (sender === 'vm2') lab.deliver(probe);
    lab.copy(probe, tap);
    expect(judge(lab.input()).verdict).toBe('pass');
    lab.copy(probe, tap, { afterNs: 90_000 });
    const judgement = judge(lab.input());
    expect(judgement.reasons).toEqual([
      `vm1 itself received 1 frame from ${sender} more than once: what a host may hear of others must come in once.`,
    ]);
    expect(judgement.findings).toMatchObject([
      { property: 'P1', signature: 'duplicate', verdict: 'fail', sender, count: 1, probes: [2] },
    ]);
    expect(judgement.deliveries[1]?.verdict).toBe('fail');
  }
});

test('P5: a frame of a network that a VM is not in may not reach it', () => {
  const lab = makeLab();
  const tap = lab.tapSender('vm1', 'in');
  const probe = lab.send('arp-request-broadcast', { sender: 'host' });
  lab.deliver(probe);
  lab.copy(probe, tap);
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('fail');
  expect(signatures(judgement)).toEqual(['vlan-leak']);
  expect(judgement.reasons).toEqual(['vm1 received 1 frame from host of the native network, which it is not in.']);
});

test('P6: a sender on an uplink of the host is a table move, on its own port it is not', () => {
  const run = (node: string, port: string): Judgement => {
    const lab = makeLab();
    good(lab);
    const entry = { vlan: 10, mac: '02:00:00:00:01:0A' };
    return judge(
      lab.input({
        macTables: [
          {
            atNs: '1',
            entries: [
              { node: 'host', port: 'vm1', ...entry },
              { node: 'leaf-a', port: 'to-host', ...entry },
              { node, port, ...entry },
            ],
          },
        ],
      }),
    );
  };
  expect(run('leaf-b', 'to-host').verdict).toBe('pass');
  for (const port of ['bond0', 'up1']) expect(signatures(run('host', port))).toEqual(['table-move']);
  expect(run('leaf-a', 'to-spine').reasons).toEqual([
    'The MAC of vm1 moved between the ports to-host and to-spine of leaf-a.',
  ]);
});

test('P6: what a switch counts between two looks is a table move, and one that was started anew counts anew', () => {
  const run = (node: string, ...counts: readonly (number | undefined)[]): Judgement => {
    const lab = makeLab();
    good(lab);
    return judge(
      lab.input({
        macTables: counts.map((count, at) => ({
          atNs: String(at),
          entries: [],
          ...(count === undefined ? {} : { moves: { other: 9, [node]: count } }),
        })),
      }),
    );
  };
  for (const counts of [[0, 0], [3, 3], [5, 0, 0], [7], [undefined, undefined], [undefined, 4, undefined, 4]])
    expect(run('host', ...counts).verdict, counts.join()).toBe('pass');
  for (const [counts, moved] of [
    [[0, 2], 2],
    [[5, 1], 1],
    [[1, 3, 0, 4], 6],
    [[0, undefined, 1], 1],
    [[2, 0, 0, 2, 2], 2],
  ] as const) {
    expect(run('host', ...counts).findings, counts.join()).toMatchObject([
      { property: 'P6', signature: 'table-move', verdict: 'fail', count: moved },
    ]);
  }
  expect(run('host', 0, 2).reasons).toEqual([
    'The switch of host counted 2 moves of a MAC from one port to another; each stays where it is in this lab.',
  ]);
  expect(run('leaf-b', 0, 1).findings).toMatchObject([{ signature: 'table-move', leaf: 'leaf-b', count: 1 }]);
  expect(run('somewhere', 0, 1).verdict).toBe('pass');
});

test('P6: a VM that moved in was elsewhere when the window opened, and moved once in each switch', () => {
  const vm = { vlan: 10, mac: '02:00:00:00:01:0a' };
  const run = (port: string, moves: number, movedIn?: readonly string[]): readonly string[] => {
    const lab = makeLab();
    good(lab);
    const before = [
      { node: 'host', port: 'bond0', ...vm },
      { node: 'leaf-a', port: 'other-host', ...vm },
    ];
    const after = [
      { node: 'host', port, ...vm },
      { node: 'leaf-a', port: 'to-host', ...vm },
    ];
    const macTables = [
      { atNs: '1', entries: before, moves: { host: 3 } },
      { atNs: '2', entries: after, moves: { host: 3 + moves } },
    ];
    return judge(lab.input({ macTables, ...(movedIn === undefined ? {} : { movedIn }) })).reasons;
  };
  expect(run('vm1', 1, ['vm1'])).toEqual([]);
  expect(run('vm1', 2, ['vm1'])).toEqual([
    'The switch of host counted 2 moves of a MAC from one port to another; VMs that moved in make 1 of them.',
  ]);
  expect(run('bond0', 0, ['vm1'])).toHaveLength(1);
  // Of a VM that was here all the time.
  expect(run('vm1', 1)).toHaveLength(3);
});

test('P7: a dead leg gets nothing, the others everything, and nothing is claimed around the edges', () => {
  const lab = makeLab();
  lab.edge('leg-b', 'down', 1_000 * MS);
  lab.edge('leg-b', 'up', 2_000 * MS);
  const sendAt = (at: number, leaves: readonly string[]): void =>
    lab.deliver(lab.send('arp-reply-unicast', { at }), leaves);
  sendAt(900 * MS, ['leaf-a', 'leaf-b']);
  sendAt(960 * MS, ['leaf-a']); // within 50 ms before the edge
  sendAt(1_052 * MS, ['leaf-a']); // within 50 ms after it was known
  sendAt(1_500 * MS, ['leaf-a']);
  sendAt(1_990 * MS, ['leaf-a', 'leaf-b']);
  sendAt(2_100 * MS, ['leaf-a', 'leaf-b']);
  const judgement = judge(lab.input());
  expect(judgement.findings).toEqual([]);
  expect(judgement.verdict).toBe('pass');
  expect(judgement.deliveries.map((delivery) => delivery.leaves['leaf-b']?.outcome)).toEqual([
    'delivered',
    'in-band',
    'in-band',
    'not-expected',
    'in-band',
    'delivered',
  ]);
  expect(judgement.totals).toMatchObject({ inBand: 3, delivered: 6 });
});

test('P7: around an edge a copy may be absent, late or altered, but never too many', () => {
  const run = (
    kind: 'arp-reply-unicast' | 'data-udp',
    copies: readonly (readonly [leaf: string, afterNs: number])[],
  ): Judgement => {
    const lab = makeLab();
    good(lab);
    lab.edge('leg-b', 'down', 1_000 * MS);
    const probe = lab.send(kind, { at: 990 * MS });
    for (const [leaf, afterNs] of copies) lab.copy(probe, leaf, { afterNs });
    return judge(lab.input());
  };
  const late = 300 * MS;
  expect(
    run('arp-reply-unicast', [
      ['leaf-a', 50_000],
      ['leaf-b', late],
    ]),
  ).toMatchObject({ verdict: 'pass', totals: { inBand: 1, late: 0 } });
  const twice = run('arp-reply-unicast', [
    ['leaf-a', 50_000],
    ['leaf-b', 50_000],
    ['leaf-b', late],
  ]);
  expect(outcomes(twice, 1)).toEqual({ 'leaf-a': 'delivered', 'leaf-b': 'duplicate' });
  expect(signatures(twice)).toEqual(['duplicate']);
  expect(twice.totals).toMatchObject({ duplicate: 1, inBand: 0, late: 0, delivered: 1 });
  expect(twice.matrix?.['arp-reply-unicast']?.['leaf-b']).toMatchObject({ frames: 1, duplicate: 1, unclaimed: 0 });
  const once = run('data-udp', [['leaf-b', late]]);
  expect(once).toMatchObject({ verdict: 'pass', totals: { inBand: 2, dataDuplicated: 0 } });
  expect(once.matrix?.['data-udp']?.['leaf-b']).toMatchObject({ frames: 0, unclaimed: 1 });
  const both = run('data-udp', [
    ['leaf-a', 50_000],
    ['leaf-b', 60_000],
  ]);
  expect(outcomes(both, 1)).toEqual({ 'leaf-a': 'in-band', 'leaf-b': 'unexpected' });
  expect(signatures(both)).toEqual(['data-replicated']);
  expect(both).toMatchObject({ verdict: 'fail', totals: { dataDuplicated: 1, unexpected: 1, inBand: 1 } });
  expect(both.deliveries[1]?.verdict).toBe('fail');
  const same = run('data-udp', [
    ['leaf-b', 50_000],
    ['leaf-b', 60_000],
  ]);
  expect(outcomes(same, 1)).toEqual({ 'leaf-a': 'in-band', 'leaf-b': 'duplicate' });
  expect(signatures(same)).toEqual(['data-replicated']);
});

test('P7: a leg that comes back must deliver again, one that is down must not be waited for', () => {
  const lab = makeLab();
  lab.edge('leg-b', 'down', 1_000 * MS);
  lab.edge('leg-b', 'up', 2_000 * MS);
  lab.deliver(lab.send('arp-reply-unicast', { at: 2_500 * MS }), ['leaf-a']);
  expect(judge(lab.input()).deliveries[0]?.leaves['leaf-b']?.outcome).toBe('missing');
});

test('P7: a copy on a dead leg fails where the profile wants silence', () => {
  const lab = makeLab();
  lab.edge('leg-b', 'down', 1_000 * MS);
  lab.deliver(lab.send('arp-reply-unicast', { at: 1_500 * MS }));
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('fail');
  expect(outcomes(judgement)).toEqual({ 'leaf-a': 'delivered', 'leaf-b': 'unexpected' });
  expect(signatures(judgement)).toEqual(['copy-to-dead-leg']);
  expect(judge(lab.input(), { ...DEFAULT_PROFILE, deadLegMustBeSilent: false }).verdict).toBe('pass');
});

test('P7: what the host hands to a dead leg is seen at the host’s end, what it hands to a live one is not counted twice', () => {
  const lab = makeLab();
  const tap = lab.tapLeg('leg-b');
  lab.edge('leg-b', 'down', 1_000 * MS);
  const alive = lab.send('arp-reply-unicast', { at: 500 * MS });
  const dead = lab.send('arp-reply-unicast', { at: 1_500 * MS });
  lab.deliver(alive);
  lab.copy(alive, tap);
  lab.deliver(dead, ['leaf-a']);
  expect(judge(lab.input()).verdict).toBe('pass');
  lab.copy(dead, tap);
  const judgement = judge(lab.input());
  expect(outcomes(judgement, 0)).toEqual({ 'leaf-a': 'delivered', 'leaf-b': 'delivered' });
  expect(outcomes(judgement, 1)).toEqual({ 'leaf-a': 'delivered', 'leaf-b': 'unexpected' });
  expect(signatures(judgement)).toEqual(['copy-to-dead-leg']);
  lab.spoil(tap, { droppedByKernel: 1 });
  const doubtful = judge(lab.input());
  expect(doubtful.verdict).toBe('inconclusive');
  expect(signatures(doubtful)).toEqual(['drops']);
});

test('P7: where a dead leg must be silent, somebody has to listen at the host’s end', () => {
  const lab = makeLab({ watchLegs: false });
  lab.edge('leg-b', 'down', 1_000 * MS);
  lab.deliver(lab.send('arp-reply-unicast', { at: 500 * MS }));
  lab.deliver(lab.send('arp-reply-unicast', { at: 1_500 * MS }), ['leaf-a']);
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons).toEqual([
    "Nothing is known of what was sent down leg-b while it was out: it must be silent then, and the host's end of it was not captured.",
  ]);
  expect(judge(lab.input(), { ...DEFAULT_PROFILE, deadLegMustBeSilent: false }).verdict).toBe('pass');
  lab.tapLeg('leg-b');
  expect(judge(lab.input()).verdict).toBe('pass');
});

test('P7: many copies of one frame are a storm', () => {
  const lab = makeLab();
  const probe = lab.send('arp-request-broadcast');
  lab.deliver(probe);
  times(6, (i) => lab.copy(probe, 'leaf-a', { afterNs: 100_000 + i }));
  expect(signatures(judge(lab.input()))).toEqual(['duplicate', 'storm']);
});

test('a test whose probes all fell into bands is inconclusive', () => {
  const lab = makeLab();
  lab.edge('leg-a', 'down', 1_000 * MS);
  lab.edge('leg-b', 'down', 1_000 * MS);
  lab.send('arp-reply-unicast', { at: 1_001 * MS });
  lab.send('data-udp', { at: 1_001 * MS });
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('inconclusive');
  expect(signatures(judgement)).toEqual(['all-in-band']);
});

test('nothing judged is never a pass', () => {
  expect(judge(makeLab().input()).verdict).toBe('inconclusive');
  const lab = makeLab();
  lab.deliver(lab.send('nd-malformed'));
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('inconclusive');
  expect(signatures(judgement)).toEqual(['nothing-judged']);
  expect(judgement.deliveries[0]).toMatchObject({ verdict: 'skipped', duty: 'unjudged' });
});

test('blocked evidence gives no verdict on frames', () => {
  const lab = makeLab();
  lab.send('arp-reply-unicast');
  const judgement = judge(lab.input({ blocked: 'the replicator ended with code 1: no such device' }));
  expect(judgement.verdict).toBe('blocked');
  expect(judgement.reasons).toEqual(['Nothing could be tested: the replicator ended with code 1: no such device']);
});

test('P15: a wrong configuration blocks, failing frames still fail', () => {
  const audit = [{ name: 'group 1', ok: false, value: 'absent', command: 'ovs-ofctl dump-groups br0' }];
  const lab = makeLab();
  good(lab);
  const judgement = judge(lab.input({ audit }));
  expect(judgement.verdict).toBe('blocked');
  expect(signatures(judgement)).toEqual(['audit']);
  lab.send('arp-reply-unicast');
  expect(judge(lab.input({ audit })).verdict).toBe('fail');
});

test('frames of nobody are counted per kind and leaf, and a sender that speaks unasked is noted', () => {
  const lab = makeLab();
  good(lab);
  const garp = buildFrame('garp-request', {
    sourceMac: '02:00:00:00:01:0a',
    sourceIpv4: '192.0.2.10',
    sourceIpv6: '2001:db8:a::a',
    gatewayMac: '02:00:00:0f:00:01',
    gatewayIpv4: '192.0.2.1',
    gatewayIpv6: '2001:db8:a::1',
    variation: 0,
    salt: 1,
    id: 1,
  });
  times(3, (i) => lab.see('leaf-a', garp, lab.now() + (i + 1) * MS));
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('pass');
  expect(judgement.background).toEqual({ 'garp-request': { 'leaf-a': 3, 'leaf-b': 0 } });
  expect(judgement.findings).toMatchObject([
    { signature: 'unasked', verdict: 'note', leaf: 'leaf-a', sender: 'vm1', count: 3 },
  ]);
  expect(judgement.reasons).toEqual([]);
});

test('frames of a real stack are matched by content, identical repeats in time order', () => {
  const lab = makeLab();
  const repeats = Array.from({ length: 3 }, (_, i) =>
    lab.send('arp-request-broadcast', {
      namedBy: 'content',
      variation: 1,
      at: (1_000 + 1_000 * i) * MS,
      tags: [TAG_10],
    }),
  );
  for (const [i, probe] of repeats.entries()) lab.deliver(probe, i === 1 ? ['leaf-a'] : ['leaf-a', 'leaf-b']);
  const judgement = judge(lab.input());
  expect(judgement.deliveries.map((delivery) => delivery.leaves['leaf-b']?.outcome)).toEqual([
    'delivered',
    'missing',
    'delivered',
  ]);
  expect(judgement.deliveries.map((delivery) => delivery.leaves['leaf-a']?.outcome)).toEqual([
    'delivered',
    'delivered',
    'delivered',
  ]);
  expect(judgement.totals).toMatchObject({ missing: 1, duplicate: 0, altered: 0 });
});

test('an answer that was sent after the time that is judged claims its own copies, not those of the answers before it', () => {
  const lab = makeLab();
  const send = (ms: number, outside?: boolean) =>
    lab.send('arp-reply-unicast', {
      namedBy: 'content',
      variation: 1,
      at: ms * MS,
      tags: [TAG_10],
      ...(outside === undefined ? {} : { outside }),
    });
  // Each within the late band of the one before: who claims the last copy wrongly shifts them all.
  const answers = [send(1_000), send(1_190), send(1_380), send(1_570, true)];
  for (const probe of answers) lab.deliver(probe);
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('pass');
  expect(judgement.totals).toMatchObject({ probes: 3, delivered: 3, duplicate: 0 });
  const unknown = judge({ ...lab.input(), probes: lab.input().probes.slice(0, 3) });
  expect(unknown.totals.duplicate).toBeGreaterThan(0);
});

test('a copy of a real stack’s frame that lost its tag is altered, not missing', () => {
  const lab = makeLab();
  const probe = lab.send('arp-reply-unicast', { namedBy: 'content', tags: [TAG_10] });
  lab.copy(probe, 'leaf-a');
  lab.see('leaf-b', Uint8Array.from(Buffer.from(probe.frame, 'hex')), lab.now() + 60_000);
  expect(outcomes(judge(lab.input()))).toEqual({ 'leaf-a': 'delivered', 'leaf-b': 'altered' });
});

test('the same evidence gives the same bytes', () => {
  const lab = makeLab({ leaves: 4 });
  for (const kind of NEIGHBORS) lab.deliver(lab.send(kind, { sender: 'vm2', tags: [TAG_10] }), ['leaf-d', 'leaf-a']);
  lab.deliver(lab.send('data-udp'));
  expect(JSON.stringify(judge(lab.input()))).toBe(JSON.stringify(judge(lab.input())));
});

test('many kinds that fail alike are one reason', () => {
  const lab = makeLab();
  for (const kind of NEIGHBORS) lab.deliver(lab.send(kind), ['leaf-a']);
  const judgement = judge(lab.input());
  expect(judgement.findings).toHaveLength(5);
  expect(judgement.reasons).toHaveLength(1);
  expect(judgement.reasons[0]).toContain('leaf-b never saw 5 of 5 frames of 5 kinds from vm1');
});
