import { expect, test } from '@playwright/test';
import type { TimelineEvent } from '../../evidence/types.js';
import { DEFAULT_PROFILE } from '../../profile/registry.js';
import { judge, type JudgeInput } from '../judge.js';
import { makeLab, MS, times, type MadeLab } from '../testing/lab.js';
import type { Outcome } from '../types.js';

const OPEN = 1_760_000_000_000_000_000n;
const at = (ms: number) => String(OPEN + BigInt(ms) * 1_000_000n);
const edge = (ms: number) => ({ fromNs: at(ms), toNs: at(ms + 3) });
const DOWN_MS = 1_000;
const UP_MS = 3_000;

/** Each rule of the timeline: what the lab did between DOWN and UP, so that leaf-b cannot get its copy. */
const RULES: readonly {
  readonly rule: string;
  readonly events: readonly TimelineEvent[];
  readonly leaves: readonly string[];
  readonly sends?: boolean;
}[] = [
  {
    rule: 'no carrier',
    events: [
      { type: 'leg', leg: 'leg-b', state: 'down', verb: 'unplug', ...edge(DOWN_MS) },
      { type: 'leg', leg: 'leg-b', state: 'up', verb: 'plug', ...edge(UP_MS) },
    ],
    leaves: ['leaf-a'],
  },
  {
    rule: 'frames to the leaf are lost',
    events: [
      { type: 'wire', leg: 'leg-b', direction: 'to-leaf', state: 'lost', verb: 'mute', ...edge(DOWN_MS) },
      { type: 'wire', leg: 'leg-b', direction: 'to-leaf', state: 'whole', verb: 'unmute', ...edge(UP_MS) },
    ],
    leaves: ['leaf-a'],
  },
  {
    rule: "the host's switch is not there",
    events: [
      { type: 'daemon', what: 'switch', node: 'host', state: 'down', verb: 'restartSwitch', ...edge(DOWN_MS) },
      { type: 'daemon', what: 'switch', node: 'host', state: 'up', verb: 'settleSwitch', ...edge(UP_MS) },
    ],
    leaves: [],
  },
  {
    rule: 'the replicator is dead',
    events: [
      { type: 'daemon', what: 'replicator', node: 'host', state: 'down', verb: 'killReplicator', ...edge(DOWN_MS) },
      { type: 'daemon', what: 'replicator', node: 'host', state: 'up', verb: 'restartReplicator', ...edge(UP_MS) },
    ],
    leaves: ['leaf-a'],
  },
  {
    rule: 'the bond has left the leg',
    events: [
      {
        type: 'observed',
        what: 'member',
        node: 'host',
        port: 'up-b',
        leg: 'leg-b',
        state: 'disabled',
        ...edge(DOWN_MS),
      },
      { type: 'observed', what: 'member', node: 'host', port: 'up-b', leg: 'leg-b', state: 'enabled', ...edge(UP_MS) },
    ],
    leaves: ['leaf-a'],
    sends: false,
  },
];

/** Good probes before and after, one in the middle that only `leaves` have. */
function broken(leaves: readonly string[]): MadeLab {
  const lab = makeLab();
  lab.deliver(lab.send('arp-reply-unicast', { at: 500 * MS }));
  lab.deliver(lab.send('arp-reply-unicast', { at: 2_000 * MS }), leaves);
  lab.deliver(lab.send('arp-reply-unicast', { at: 4_000 * MS }));
  return lab;
}

const outcomes = (input: JudgeInput, leaf = 'leaf-b'): (Outcome | undefined)[] =>
  judge(input).deliveries.map((delivery) => delivery.leaves[leaf]?.outcome);

for (const { rule, events, leaves, sends } of RULES) {
  const profile = { ...DEFAULT_PROFILE, ...(sends === undefined ? {} : { sendsToLacpDeadLeg: sends }) };

  test(`${rule}: no copy is due there, and before and after each is`, () => {
    const input = broken(leaves).input({ timeline: events, profile });
    expect(outcomes(input)).toEqual(['delivered', 'not-expected', 'delivered']);
    expect(judge(input).verdict).toBe('pass');
  });

  test(`${rule}: an expectation that ignores the timeline fails what is right`, () => {
    const input = broken(leaves).input({ timeline: [], profile });
    expect(outcomes(input)).toEqual(['delivered', 'missing', 'delivered']);
    expect(judge(input).verdict).toBe('fail');
  });

  test(`${rule}: what is missing after the repair is missing`, () => {
    const lab = makeLab();
    lab.deliver(lab.send('arp-reply-unicast', { at: 4_000 * MS }), ['leaf-a']);
    expect(outcomes(lab.input({ timeline: events, profile }))).toEqual(['missing']);
  });

  test(`${rule}: around its edges nothing is claimed, and a band that swallows everything proves nothing`, () => {
    const lab = makeLab();
    for (const ms of [DOWN_MS - 40, DOWN_MS + 1, DOWN_MS + 50, UP_MS - 45, UP_MS + 52])
      lab.deliver(lab.send('arp-reply-unicast', { at: ms * MS }), leaves);
    const judgement = judge(lab.input({ timeline: events, profile }));
    expect(judgement.deliveries.map((delivery) => delivery.leaves['leaf-b']?.outcome)).toEqual([
      'in-band',
      'in-band',
      'in-band',
      'in-band',
      'in-band',
    ]);
    const swallowed = judge(broken(leaves).input({ timeline: events, profile, edgeBandNs: 60_000 * MS }));
    const all = events.some((event) => event.type === 'daemon');
    // Where only one leg is concerned, the other leaf's copies are still judged, and a pass would speak of both.
    expect(swallowed.verdict).toBe('inconclusive');
    expect([...new Set(swallowed.findings.map(({ signature, leaf }) => `${signature} ${leaf ?? 'all'}`))]).toEqual([
      `all-in-band ${all ? 'all' : 'leaf-b'}`,
    ]);
    expect(swallowed.totals.inBand).toBe(all ? 6 : 3);
  });
}

test('while a controller is dead each copy is due, also at the edges of its death: what it installed goes on', () => {
  const edges = { verb: 'killController', type: 'daemon', what: 'controller', node: 'host' } as const;
  const timeline: TimelineEvent[] = [
    { ...edges, state: 'down', ...edge(DOWN_MS) },
    { ...edges, state: 'up', ...edge(UP_MS) },
  ];
  const lab = makeLab();
  for (const ms of [DOWN_MS - 40, DOWN_MS + 1, (DOWN_MS + UP_MS) / 2, UP_MS + 1, UP_MS + 500])
    lab.deliver(lab.send('arp-reply-unicast', { at: ms * MS }), ['leaf-a']);
  const judgement = judge(lab.input({ timeline }));
  expect(judgement.deliveries.map((delivery) => delivery.leaves['leaf-b']?.outcome)).toEqual(
    Array.from({ length: 5 }, () => 'missing'),
  );
});

test('where the host chooses one leg for a frame, the edges of one leg are those of all, and only these', () => {
  const timeline: TimelineEvent[] = [
    { type: 'leg', leg: 'leg-b', state: 'down', verb: 'unplug', fromNs: at(1_000), toNs: at(1_300) },
    { type: 'leg', leg: 'leg-b', state: 'up', verb: 'plug', fromNs: at(3_000), toNs: at(3_300) },
    { type: 'observed', what: 'member', leg: 'leg-b', node: 'host', port: 'up-b', state: 'enabled', ...edge(3_600) },
    { type: 'observed', what: 'carrier', leg: 'leg-b', node: 'host', port: 'up-b', state: 'up', ...edge(5_000) },
  ];
  const lab = makeLab();
  for (const ms of [1_200, 2_000, 3_200, 3_600, 4_000, 5_000]) lab.send('arp-reply-unicast', { at: ms * MS });
  const input = lab.input({ timeline });
  const onA = (movesFlows: boolean) => {
    const { plane } = input.manifest;
    const manifest = { ...input.manifest, plane: { ...plane, movesFlows } };
    return judge({ ...input, manifest }).deliveries.map(({ leaves }) => leaves['leaf-a']?.outcome);
  };
  const lost = ['missing', 'missing', 'missing', 'missing', 'missing', 'missing'];
  expect(onA(false)).toEqual(lost);
  expect(onA(true)).toEqual(['in-band', 'missing', 'in-band', 'in-band', 'missing', 'missing']);
});

test('before an edge nothing is claimed of a frame that was on its way for that long', () => {
  const timeline: TimelineEvent[] = [{ type: 'leg', leg: 'leg-b', state: 'down', verb: 'unplug', ...edge(DOWN_MS) }];
  const run = (slowestNs: number, ownNs: number | null) => {
    const lab = makeLab();
    lab.copy(lab.send('arp-reply-unicast', { at: 100 * MS }), 'leaf-a', { afterNs: slowestNs });
    const probe = lab.send('arp-reply-unicast', { at: (DOWN_MS - 70) * MS });
    if (ownNs !== null) lab.copy(probe, 'leaf-a', { afterNs: ownNs });
    return outcomes(lab.input({ timeline }))[1];
  };
  expect(run(60 * MS, 80 * MS)).toBe('in-band');
  // It had long come out when the cable was cut, whatever others took.
  expect(run(80 * MS, 60 * MS)).toBe('missing');
  // Of one that came out nowhere nobody knows: the slowest of all tells.
  expect(run(80 * MS, null)).toBe('in-band');
  expect(run(60 * MS, null)).toBe('missing');
  // A late copy is a fault of its own and excuses nothing.
  expect(run(300 * MS, null)).toBe('missing');
});

test('a slow copy widens the band before an edge, never the one after it', () => {
  const timeline: TimelineEvent[] = [
    { type: 'leg', leg: 'leg-b', state: 'down', verb: 'unplug', ...edge(DOWN_MS) },
    { type: 'leg', leg: 'leg-b', state: 'up', verb: 'plug', ...edge(UP_MS) },
  ];
  const lab = makeLab();
  lab.copy(lab.send('arp-reply-unicast', { at: 100 * MS }), 'leaf-a', { afterNs: 150 * MS });
  lab.deliver(lab.send('arp-reply-unicast', { at: (DOWN_MS + 60) * MS }), ['leaf-a']);
  lab.deliver(lab.send('arp-reply-unicast', { at: (UP_MS + 60) * MS }), ['leaf-a']);
  expect(outcomes(lab.input({ timeline })).slice(1)).toEqual(['not-expected', 'missing']);
});

test('a leg that came back and was never judged again is not passed', () => {
  const timeline: TimelineEvent[] = [
    { type: 'leg', leg: 'leg-b', state: 'down', verb: 'unplug', ...edge(DOWN_MS) },
    { type: 'leg', leg: 'leg-b', state: 'up', verb: 'plug', ...edge(UP_MS) },
  ];
  const run = (afterMs: number) => {
    const lab = makeLab();
    lab.deliver(lab.send('arp-reply-unicast', { at: 500 * MS }));
    lab.deliver(lab.send('arp-reply-unicast', { at: (UP_MS + afterMs) * MS }), ['leaf-a']);
    return judge(lab.input({ timeline }));
  };
  expect(run(20)).toMatchObject({ verdict: 'inconclusive', findings: [{ signature: 'all-in-band', leaf: 'leaf-b' }] });
  expect(run(20).reasons.join()).toContain('after the last change on leg-b');
  expect(run(200).verdict).toBe('fail');
});

test('a leg that must be silent while it is out and was never judged there is not passed', () => {
  const profile = { ...DEFAULT_PROFILE, deadLegMustBeSilent: true };
  const run = (sentMs: number, repeats: boolean) => {
    const lab = makeLab();
    const tap = lab.tapLeg('leg-b');
    const timeline: TimelineEvent[] = [
      { type: 'leg', leg: 'leg-b', state: 'down', verb: 'unplug', repeats, ...edge(DOWN_MS) },
      { type: 'leg', leg: 'leg-b', state: 'up', verb: 'plug', repeats, ...edge(UP_MS) },
    ];
    const probe = lab.send('arp-reply-unicast', { at: sentMs * MS });
    lab.deliver(probe, ['leaf-a']);
    lab.copy(probe, tap);
    lab.deliver(lab.send('arp-reply-unicast', { at: 4_000 * MS }));
    return judge(lab.input({ timeline, profile }));
  };
  expect(run(DOWN_MS + 30, false)).toMatchObject({
    verdict: 'inconclusive',
    findings: [{ signature: 'all-in-band', leaf: 'leaf-b' }],
  });
  expect(run(DOWN_MS + 300, false).verdict).toBe('fail');
  // Between two contacts of a loose cable nothing can be told.
  expect(run(DOWN_MS + 30, true).verdict).toBe('pass');
});

test('data that goes down a dead leg is lost, whatever the profile says of copies', () => {
  const timeline: TimelineEvent[] = [{ type: 'leg', leg: 'leg-b', state: 'down', verb: 'unplug', ...edge(DOWN_MS) }];
  for (const deadLegMustBeSilent of [false, true]) {
    const lab = makeLab();
    const tap = lab.tapLeg('leg-b');
    lab.deliver(lab.send('arp-reply-unicast', { at: 500 * MS }));
    lab.copy(lab.send('data-udp', { at: 2_000 * MS }), tap);
    const judgement = judge(lab.input({ timeline, profile: { ...DEFAULT_PROFILE, deadLegMustBeSilent } }));
    expect(judgement.findings.map((finding) => finding.signature)).toEqual([
      'data-lost',
      ...(deadLegMustBeSilent ? ['copy-to-dead-leg'] : []),
    ]);
    const both = lab.send('data-udp', { at: 2_100 * MS });
    lab.deliver(both, ['leaf-a']);
    lab.copy(both, tap);
    expect(
      judge(lab.input({ timeline, profile: { ...DEFAULT_PROFILE, deadLegMustBeSilent } })).totals.dataDuplicated,
    ).toBe(1);
  }
});

test('while the cable is out, news of the bond that comes late excuses no copy to the dead leg', () => {
  const profile = { ...DEFAULT_PROFILE, deadLegMustBeSilent: true, sendsToLacpDeadLeg: false };
  const lab = makeLab();
  const tap = lab.tapLeg('leg-b');
  const probe = lab.send('na-solicited', { at: (DOWN_MS + 200) * MS });
  lab.deliver(probe, ['leaf-a']);
  lab.copy(probe, tap);
  const timeline: TimelineEvent[] = [
    { type: 'leg', leg: 'leg-b', state: 'down', verb: 'unplug', ...edge(DOWN_MS) },
    {
      type: 'observed',
      node: 'host',
      leg: 'leg-b',
      port: 'up2',
      what: 'member',
      state: 'disabled',
      fromNs: edge(DOWN_MS).fromNs,
      toNs: edge(DOWN_MS + 400).toNs,
    },
  ];
  expect(judge(lab.input({ timeline, profile })).findings.map((finding) => finding.signature)).toEqual([
    'copy-to-dead-leg',
  ]);
});

test('a lossy leg owes nothing, may give one copy, and never two', () => {
  const lab = makeLab();
  const timeline: TimelineEvent[] = [
    { type: 'wire', leg: 'leg-b', direction: 'to-leaf', state: 'lossy', verb: 'lose', ...edge(DOWN_MS) },
  ];
  lab.deliver(lab.send('na-solicited', { at: 2_000 * MS }), ['leaf-a']);
  lab.deliver(lab.send('na-solicited', { at: 2_100 * MS }));
  expect(outcomes(lab.input({ timeline }))).toEqual(['not-expected', 'delivered']);
  expect(judge(lab.input({ timeline })).verdict).toBe('pass');
  const twice = lab.send('na-solicited', { at: 2_200 * MS });
  lab.deliver(twice);
  lab.copy(twice, 'leaf-b', { afterNs: 80_000 });
  expect(outcomes(lab.input({ timeline }))[2]).toBe('duplicate');
  expect(judge(lab.input({ timeline })).verdict).toBe('fail');
});

test('data whose hash chose a lossy leg may be lost, and may not be doubled', () => {
  const lab = makeLab();
  const timeline: TimelineEvent[] = [
    { type: 'wire', leg: 'leg-b', direction: 'to-leaf', state: 'lost', verb: 'mute', ...edge(DOWN_MS) },
  ];
  lab.deliver(lab.send('data-udp', { at: 500 * MS }), ['leaf-b']);
  lab.send('data-udp', { at: 2_000 * MS });
  expect(judge(lab.input({ timeline })).verdict).toBe('pass');
  lab.deliver(lab.send('data-udp', { at: 2_100 * MS }));
  expect(judge(lab.input({ timeline })).findings.map((finding) => finding.signature)).toEqual(['data-replicated']);
  expect(judge(lab.input({ timeline: [] })).findings.map((finding) => finding.signature)).toEqual([
    'data-replicated',
    'data-lost',
  ]);
});

test('frames to the host may be lost without an excuse for those to the leaf', () => {
  const input = broken(['leaf-a']).input({
    timeline: [{ type: 'wire', leg: 'leg-b', direction: 'to-host', state: 'lost', verb: 'deafen', ...edge(DOWN_MS) }],
  });
  expect(outcomes(input)).toEqual(['delivered', 'missing', 'delivered']);
});

test('P10: who sends in spite of a silent partner is held to it, who promises nothing is not judged there', () => {
  const timeline: TimelineEvent[] = [
    { type: 'observed', what: 'member', node: 'host', port: 'up-b', leg: 'leg-b', state: 'disabled', ...edge(DOWN_MS) },
  ];
  const run = (sends: boolean | undefined, leaves: readonly string[]) => {
    const lab = makeLab();
    lab.deliver(lab.send('arp-reply-unicast', { at: 2_000 * MS }), leaves);
    return outcomes(
      lab.input({
        timeline,
        profile: { ...DEFAULT_PROFILE, ...(sends === undefined ? {} : { sendsToLacpDeadLeg: sends }) },
      }),
    )[0];
  };
  expect(run(true, ['leaf-a'])).toBe('missing');
  expect(run(true, ['leaf-a', 'leaf-b'])).toBe('delivered');
  expect(run(false, ['leaf-a'])).toBe('not-expected');
  expect(run(false, ['leaf-a', 'leaf-b'])).toBe('unexpected');
  expect(run(undefined, ['leaf-a'])).toBe('not-expected');
  expect(run(undefined, ['leaf-a', 'leaf-b'])).toBe('delivered');
});

test('the switch of a leaf, and faults of another leg, change nothing here', () => {
  const timeline: TimelineEvent[] = [
    { type: 'daemon', what: 'switch', node: 'leaf-b', state: 'down', verb: 'rebootLeaf', ...edge(DOWN_MS) },
    { type: 'wire', leg: 'leg-a', direction: 'to-leaf', state: 'lost', verb: 'mute', ...edge(DOWN_MS) },
    { type: 'partner', leg: 'leg-b', state: 'silent', verb: 'silenceLacp', ...edge(DOWN_MS) },
  ];
  expect(outcomes(broken(['leaf-a']).input({ timeline }))).toEqual(['delivered', 'missing', 'delivered']);
});

test('P9: leaves that are different partners are named, as a failure or, where the lab made it, as a note', () => {
  const lab = makeLab();
  times(3, () => lab.deliver(lab.send('arp-reply-unicast')));
  const heard = (leg: string, state: string, ms: number): TimelineEvent => ({
    type: 'observed',
    what: 'partner',
    node: 'host',
    port: 'up',
    leg,
    state,
    ...edge(ms),
  });
  const same = [heard('leg-a', '02:00:00:aa:00:01', 1), heard('leg-b', '02:00:00:aa:00:01', 1)];
  expect(judge(lab.input({ timeline: same })).findings).toEqual([]);
  expect(judge(lab.input({ timeline: [...same, heard('leg-b', '00:00:00:00:00:00', 500)] })).findings).toEqual([]);
  const split = judge(lab.input({ timeline: [...same, heard('leg-b', '02:00:00:ff:ff:fe', 500)] }));
  expect(split.verdict).toBe('fail');
  expect(split.reasons).toEqual([
    'The leaves are no single LACP partner: leaf-a said system id 02:00:00:aa:00:01, leaf-b said system id 02:00:00:ff:ff:fe. A bond uses the legs of one partner only, so frames that follow it are missing on the others.',
  ]);
  const made = judge(
    lab.input({
      timeline: [
        ...same,
        { type: 'partner', leg: 'leg-b', state: 'split', verb: 'splitSystemId', ...edge(400) },
        heard('leg-b', '02:00:00:ff:ff:fe', 500),
      ],
    }),
  );
  expect(made.verdict).toBe('pass');
  expect(made.findings).toMatchObject([{ property: 'P9', signature: 'split-aggregator', verdict: 'note' }]);
  const partner = (state: 'split' | 'silent' | 'speaking', ms: number): TimelineEvent => ({
    type: 'partner',
    leg: 'leg-b',
    state,
    verb: 'of no account',
    ...edge(ms),
  });
  /** A partner of another system is heard a while after these. */
  const after = (...events: readonly TimelineEvent[]) =>
    judge(lab.input({ timeline: [...same, ...events, heard('leg-b', '02:00:00:ff:ff:fe', 500)] })).verdict;
  expect(after(partner('split', 100), partner('silent', 200)), 'silence does not join').toBe('pass');
  expect(after(partner('split', 100), partner('speaking', 200)), 'it was joined long ago').toBe('fail');
  expect(after(partner('split', 100), partner('speaking', 500)), 'it is just being joined').toBe('pass');
  expect(after(partner('silent', 100), partner('speaking', 500)), 'it was never split').toBe('fail');
});
