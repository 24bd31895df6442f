import { expect, test } from '@playwright/test';
import type { TimelineEvent } from '../../evidence/types.js';
import { judge } from '../judge.js';
import { makeLab, MS } from '../testing/lab.js';

const OPEN = 1_760_000_000_000_000_000n;
const at = (ms: number) => ({
  fromNs: String(OPEN + BigInt(ms) * 1_000_000n),
  toNs: String(OPEN + BigInt(ms + 3) * 1_000_000n),
});
const leg = (name: string, state: 'up' | 'down', verb: string, ms: number): TimelineEvent => ({
  type: 'leg',
  leg: name,
  state,
  verb,
  ...at(ms),
});

/** A probe each 100 ms from 0.1 s to 3 s; leaf-b has those of which `onB` says so. */
function stream(onB: (ms: number) => boolean) {
  const lab = makeLab();
  for (let ms = 100; ms <= 3_000; ms += 100)
    lab.deliver(lab.send('arp-reply-unicast', { at: ms * MS }), onB(ms) ? ['leaf-a', 'leaf-b'] : ['leaf-a']);
  return lab;
}

test('a cut cable: nothing is missing on the live leaf, and the other is back when a frame was on both', () => {
  const lab = stream((ms) => ms <= 1_000 || ms >= 2_200);
  const judgement = judge(
    lab.input({ timeline: [leg('leg-b', 'down', 'unplug', 1_050), leg('leg-b', 'up', 'plug', 2_150)] }),
  );
  expect(judgement.verdict).toBe('pass');
  expect(judgement.recovery).toEqual([
    {
      verb: 'unplug',
      leg: 'leg-b',
      fromNs: at(1_050).fromNs,
      downNs: 1_100 * MS,
      probes: 20,
      firstMissingNs: null,
      // Sent 50 ms after the repair began, on leaf-b another 70 us later.
      backNs: 50 * MS + 70_000,
      // From the copy of 1.0 s to that of 2.2 s.
      longestGapNs: { 'leaf-a': 0, 'leaf-b': 1_200 * MS },
    },
  ]);
});

const cut: readonly TimelineEvent[] = [leg('leg-a', 'down', 'unplug', 1_050), leg('leg-a', 'up', 'plug', 2_150)];

test('a copy that is missing on a live leaf is told with its time after the fault, and after the captures opened', () => {
  const { recovery, reasons } = judge(stream((ms) => ms !== 1_500).input({ timeline: cut }));
  expect(reasons).toContain(
    '450 ms after unplug of leg-a leaf-b missed a frame that was due there for the first time, one of the ARP replies from vm1.',
  );
  expect(reasons[0]).toBe(
    'leaf-b never saw 1 of 30 ARP replies from vm1 (MAC 02:00:00:00:01:0a), sent 1.5 s after the captures opened; leaf-a saw each once.',
  );
  expect(recovery?.[0]).toMatchObject({ leg: 'leg-a', firstMissingNs: 450 * MS, longestGapNs: { 'leaf-b': 200 * MS } });
});

test('one that is missing after the repair is told with its time after that', () => {
  const { reasons } = judge(stream((ms) => ms !== 2_400).input({ timeline: cut }));
  expect(reasons).toContain(
    '250 ms after the repair of unplug of leg-a began leaf-b missed a frame that was due there for the first time, one of the ARP replies from vm1.',
  );
});

test('a fault is not blamed for what was missing before it', () => {
  const { reasons } = judge(stream((ms) => ms !== 700 && ms !== 1_500).input({ timeline: cut }));
  expect(reasons[0]).toMatch(/^leaf-b never saw 2 of 30 .*, sent 700 ms to 1.5 s after the captures opened/);
  expect(reasons).toContain(
    '450 ms after unplug of leg-a leaf-b went on to miss frames that were due there, as before the fault; the next was one of the ARP replies from vm1.',
  );
});

test('a flapping cable is one fault, a reboot is one, and each figure ends where the next fault begins', () => {
  const lab = stream((ms) => ms < 1_000 || ms >= 2_000);
  const timeline: TimelineEvent[] = [
    ...[1_010, 1_210].flatMap((ms) => [
      { ...leg('leg-b', 'down', 'flap', ms), repeats: true },
      { ...leg('leg-b', 'up', 'steady', ms + 100), repeats: true },
    ]),
    leg('leg-b', 'down', 'rebootLeaf', 1_450),
    { type: 'daemon', what: 'switch', node: 'leaf-b', state: 'down', verb: 'rebootLeaf', ...at(1_450) },
    leg('leg-b', 'up', 'leafBack', 1_950),
    { type: 'daemon', what: 'switch', node: 'leaf-b', state: 'up', verb: 'leafBack', ...at(1_950) },
  ];
  expect(judge(lab.input({ timeline })).recovery).toMatchObject([
    { verb: 'flap', downNs: 300 * MS, probes: 4, backNs: null },
    { verb: 'rebootLeaf', downNs: 500 * MS, backNs: 50 * MS + 70_000 },
  ]);
});

test('without faults, and without frames that are due everywhere, there are no figures', () => {
  expect(judge(stream(() => true).input()).recovery).toBeUndefined();
  const lab = makeLab();
  lab.deliver(lab.send('data-udp'), ['leaf-a']);
  expect(judge(lab.input({ timeline: [leg('leg-b', 'down', 'unplug', 50)] })).recovery).toBeUndefined();
});
