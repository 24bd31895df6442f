import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect as base, test as plain } from '@playwright/test';
import { stableJson } from '../evidence/json.js';
import { readEvidence } from '../evidence/read.js';
import { DEFAULTS } from '../defaults.js';
import { ovsGroup } from '../profile/table/ovsGroup.js';
import { installRestartable } from '../replicator/restartable.js';
import type { Replicator } from '../replicator/types.js';
import { defaultTopology } from '../testing/defaultLab.js';
import { expect } from './matchers.js';
import { startStopwatch } from './stopwatch.js';
import { madeUpWire, type WireOptions } from './testing/madeUpWire.js';
import { openTrial, type Trial } from './trial.js';

const KINDS = ['arp-reply-unicast', 'na-solicited', 'data-udp'] as const;

/** The wire itself copies. */
const wired: Replicator = {
  name: 'wired',
  description: 'Copies in memory.',
  profile: ovsGroup,
  on: 'any',
  install: () =>
    Promise.resolve({
      audit: () => Promise.resolve([]),
      broken: () => null,
      settled: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
};

interface Opened {
  readonly folder: string;
  readonly open: (options?: Omit<WireOptions, 'topology'>) => Promise<Trial>;
}

const test = plain.extend<{ opened: Opened }>({
  opened: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'everyleaf-trial-'));
    await use({
      folder,
      async open(options) {
        const topology = await defaultTopology();
        const { lab, plane } = madeUpWire({ topology, ...options });
        return openTrial({
          lab,
          plane,
          replicator: wired,
          installed: await installRestartable(wired, { lab, plane }),
          faults: DEFAULTS.faults,
          intent: { type: 'qualify' },
          scenario: 'in memory',
          testbed: 'made up',
          folder,
          environment: {},
          stopwatch: startStopwatch(),
          witnesses: [],
          watchLegs: false,
          turn: 1,
        });
      },
    });
    rmSync(folder, { recursive: true });
  },
});

test('a trial proves its captures, sends, closes, and is judged once, from its evidence', async ({ opened }) => {
  const trial = await opened.open();
  base(trial.legsInTurn).toEqual(['leg-b', 'leg-a']);
  const probes = await trial.send(KINDS, { from: ['host'], copies: 3, group: 'mine' });
  base(probes.map(({ group }) => group)).toEqual(Array.from({ length: 9 }, () => 'mine'));
  base(existsSync(join(opened.folder, 'evidence.json'))).toBe(false);
  const verdict = await trial.judge();
  base(verdict.judgement.reasons).toEqual([]);
  expect(verdict).toPass();
  expect(verdict.of(probes.slice(0, 3))).toReachEveryLeafOnce();
  expect(verdict.of(probes.slice(6))).toStaySingle();
  base(await trial.judge()).toBe(verdict);
  base(readFileSync(join(opened.folder, 'judgement.json'), 'utf8')).toBe(stableJson(verdict.judgement));
  base(readEvidence(opened.folder).probes).toHaveLength(9);
});

test('a leaf that gets no copies fails the trial', async ({ opened }) => {
  const trial = await opened.open({ legsOf: () => ['leg-a'] });
  const probes = await trial.send(['arp-reply-unicast'], { from: ['host'] });
  const verdict = await trial.judge();
  base(verdict.judgement.verdict).toBe('fail');
  expect(verdict.of(probes)).toBeMissingOn('leaf-b');
});

test('what does not carry plain frames at all blocks the trial, and proves nothing about the replicator', async ({
  opened,
}) => {
  const trial = await opened.open({ legsOf: () => [] });
  await trial.send(['arp-reply-unicast'], { from: ['host'] });
  const { judgement } = await trial.judge();
  base(judgement.verdict).toBe('blocked');
  base(judgement.reasons[0]).toContain('the fences after the probes of host came out at no leaf');
});

test('a fault that this lab cannot make is a skip with its command, and no fault', async ({ opened }) => {
  const trial = await opened.open({ exec: (_, [tool]) => (tool === 'tc' ? { code: 2, stderr: 'no netem' } : {}) });
  base(await trial.inflict('delay', 'leg-a', { ms: 5 })).toBeNull();
  base(await trial.inflict('restartSwitch', 'leg-a')).toBeNull();
  await trial.close();
  const { skips, timeline } = readEvidence(opened.folder).manifest;
  base(skips.map(({ what }) => what)).toEqual(['the fault delay', 'a switch']);
  base(timeline).toEqual([]);
});

test('a fault that the scenario left is repaired when the trial closes, and both edges are evidence', async ({
  opened,
}) => {
  const trial = await opened.open();
  await trial.inflict('lose', 'leg-b', { share: 0.1 });
  await trial.close();
  base(
    readEvidence(opened.folder).manifest.timeline.map((event) =>
      'verb' in event ? [event.verb, event.pastTense] : [],
    ),
  ).toEqual([
    ['lose', 'losing frames'],
    ['lose', 'losing frames'],
    ['unlose', undefined],
    ['unlose', undefined],
  ]);
});

test("an author's mistake is told at once", async ({ opened }) => {
  const trial = await opened.open();
  base(() => trial.send(KINDS, { from: ['vm9'] })).toThrow(/vm9/);
  await base(trial.plug('leg-a')).rejects.toThrow('leg-a was not unplugged');
  await base(trial.inflict('mute', 'leg-z')).rejects.toThrow(/leg-z/);
  await trial.close();
});
