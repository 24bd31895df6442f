import { expect, test } from '@playwright/test';
import type { TimelineChange, TimelineEvent } from '../evidence/types.js';
import { faultStateAt } from './faultState.js';
import { sampleExperiment } from './testing/sampleExperiment.js';
import { SAMPLE_SCENARIOS } from './testing/sampleRun.js';
import { daemonSpans, legSpans, memberSpans } from './timelineSpans.js';

const [scenario] = SAMPLE_SCENARIOS;
if (scenario === undefined) throw new Error('no sample scenario');
const { manifest: sample } = sampleExperiment(
  { scenario, mode: 'balance-tcp', replicator: 'r', intent: { type: 'qualify' }, behave: () => [] },
  0,
).details;
const at = (ms: number): string => String(BigInt(sample.window.openNs) + BigInt(ms) * 1_000_000n);
const events = (...list: readonly (readonly [number, TimelineChange])[]) => ({
  ...sample,
  timeline: list.map(([ms, change]): TimelineEvent => ({ ...change, fromNs: at(ms), toNs: at(ms + 1) })),
});
const short = (spans: readonly { readonly from: bigint; readonly state: string }[]) =>
  spans.map(({ from, state }) => [Number(from - BigInt(sample.window.openNs)) / 1e6, state]);

const mixed = events(
  [100, { type: 'wire', leg: 'leg-a', direction: 'to-leaf', state: 'lost', verb: 'mute' }],
  [200, { type: 'leg', leg: 'leg-a', state: 'down', verb: 'unplug' }],
  [210, { type: 'observed', what: 'member', node: 'host', port: 'up', leg: 'leg-a', state: 'disabled' }],
  [300, { type: 'leg', leg: 'leg-a', state: 'up', verb: 'plug' }],
  [400, { type: 'wire', leg: 'leg-a', direction: 'to-leaf', state: 'whole', verb: 'unmute' }],
  [500, { type: 'daemon', what: 'switch', node: 'host', state: 'down', verb: 'restartSwitch' }],
  [600, { type: 'daemon', what: 'switch', node: 'host', state: 'up', verb: 'settleSwitch' }],
);

test('a leg shows the worst of what holds at the same time, and what the bond thinks apart from that', () => {
  expect(short(legSpans(mixed, 'leg-a'))).toEqual([
    [0, 'up'],
    [100, 'lost'],
    [200, 'down'],
    [300, 'lost'],
    [400, 'up'],
  ]);
  expect(short(legSpans(mixed, 'leg-b'))).toEqual([[0, 'up']]);
  expect(short(memberSpans(mixed, 'leg-a') ?? [])).toEqual([
    [0, 'enabled'],
    [210, 'disabled'],
  ]);
  expect(memberSpans(events(), 'leg-a')).toBeNull();
});

test('a daemon has a lane of its own while it is gone', () => {
  expect(daemonSpans(mixed).map(({ name, spans }) => [name, short(spans)])).toEqual([
    [
      'host switch',
      [
        [0, 'up'],
        [500, 'down'],
        [600, 'up'],
      ],
    ],
  ]);
});

test('each section of the matrix says all that was broken', () => {
  const title = (ms: number) => faultStateAt(mixed, BigInt(at(ms))).title;
  expect([50, 150, 250, 350, 450, 550, 650].map(title)).toEqual([
    'All legs up',
    'leg-a muted',
    'leg-a muted, leg-a unplugged',
    'leg-a muted',
    'All legs up again',
    'switch of host restarting',
    'All legs up again',
  ]);
  const own = { verb: 'shrinkMtu', fromNs: at(100), toNs: at(110) };
  const wire = { type: 'wire', leg: 'leg-a', direction: 'to-leaf', state: 'lossy', ...own } as const;
  const said = (event: TimelineEvent) => faultStateAt({ ...mixed, timeline: [event] }, BigInt(at(150))).title;
  expect(said({ ...wire, pastTense: 'shrunk' })).toBe('leg-a shrunk');
  expect(said(wire)).toBe('leg-a down (shrinkMtu)');
  const boot = { type: 'daemon', what: 'switch', node: 'leaf-a', state: 'down', ...own } as const;
  expect(said({ ...boot, pastTense: 'booting' })).toBe('switch of leaf-a booting');
  // A leaf that reboots is told by its legs.
  const dark = { type: 'leg', leg: 'leg-a', state: 'down', ...own, pastTense: 'dark' } as const;
  expect(faultStateAt({ ...mixed, timeline: [dark, boot] }, BigInt(at(150))).title).toBe('leg-a dark');
  expect(faultStateAt(mixed, BigInt(at(250))).deadLegs).toEqual(['leg-a']);
  expect(faultStateAt(mixed, BigInt(at(150))).deadLegs).toEqual([]);
});
