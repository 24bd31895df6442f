import { expect, test } from '@playwright/test';
import type { Ending } from '../../dataplane/ending.js';
import { DURATIONS } from '../../durations.js';
import { lacking, offer, type Offer } from '../../testbed/capability.js';
import type { Window } from '../window.js';
import { endingsOf } from './endings.js';

const flow = (leftMs: number, ageMs = 0): Ending => ({ what: `flow "${leftMs}"`, ageMs, leftMs });

/** A window on a host whose switch says these, one after another, and that has an element of nft that expires, or no nft. */
function windowOf(
  readings: readonly Offer<readonly Ending[]>[],
  nft: { readonly code: number; readonly stdout: string },
) {
  let next = 0;
  const exec = () => Promise.resolve({ ...nft, stderr: 'no such program' });
  const window = {
    lab: { now: () => Promise.resolve('1'), node: (name: string) => ({ name, exec }) },
    plane: {
      node: 'host',
      endings: () => Promise.resolve(readings[Math.min(next++, readings.length - 1)]),
    },
    timeline: [] as { readonly text: string }[],
    skips: [],
    blocked: null,
  };
  return { window, endings: endingsOf(window as unknown as Window) };
}

const marks = ({ timeline }: { readonly timeline: readonly { readonly text: string }[] }) =>
  timeline.map(({ text }) => text);
const NO_RULES = { code: 0, stdout: '{"nftables": []}' };

test('where nothing ends, nothing is waited for', async () => {
  const { window, endings } = windowOf([offer([])], NO_RULES);
  expect(await endings.allHasEnded()).toEqual([]);
  expect(marks(window)).toEqual(['nothing on the host ends by itself']);
});

test('the time of the last is waited for, and what was renewed since is not taken for it', async () => {
  const { window, endings } = windowOf([offer([flow(10), flow(400)]), offer([{ ...flow(400), ageMs: 5 }])], NO_RULES);
  const start = performance.now();
  expect(await endings.allHasEnded()).toHaveLength(2);
  expect(performance.now() - start).toBeGreaterThan(399);
  expect(marks(window)).toEqual(['flow "400" ends by itself in 1 s, as the last of 2', 'its time is up']);
});

test('elements of nftables count, too', async () => {
  const rules = { set: { family: 'inet', table: 't', name: 's', elem: [{ elem: { val: 'a', expires: 900 } }] } };
  const { window, endings } = windowOf([offer([])], { code: 0, stdout: JSON.stringify({ nftables: [rules] }) });
  await endings.allHasEnded();
  expect(window.blocked).toMatch(/^element "a" of inet t s ends by itself in 901 s, and what comes then is not known/);
});

test('nothing is said of what lasts longer than anyone waits', async () => {
  const { window, endings } = windowOf([offer([flow(DURATIONS.endings + 1)])], NO_RULES);
  await endings.allHasEnded();
  expect(window.blocked).toMatch(/ends by itself in 311 s, .* 310 s are waited at most\. Give it less for the test$/);
});

test('what cannot be read is said', async () => {
  const lack = { what: 'which flows end', command: 'dump', output: 'no' };
  const { window, endings } = windowOf([lacking(lack)], { code: 127, stdout: '' });
  await endings.allHasEnded();
  expect(window.skips).toEqual([
    lack,
    {
      what: 'what ends by itself in nftables on host',
      command: 'nft -j list ruleset',
      output: 'no such program',
    },
  ]);
});
