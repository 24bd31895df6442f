import { expect, test } from '@playwright/test';
import { FIRST_CONTROL_ID } from '../wire/control.js';
import { isNeighbor } from './testing/neighbors.js';
import { madeWay, toEach, toOne, type Deliver } from './testing/madeWay.js';
import { judgeState, type Due } from './state.js';
import { WAYS, type Way } from './ways.js';

const [untagged, vlan] = WAYS as readonly [Way, Way];
const asDue = (due: Due): Deliver =>
  due === 'replicated' ? (probe) => (isNeighbor(probe) ? [1, 1] : toOne(probe)) : toOne;
const judged = (due: Due, deliver: Deliver, spoilt = {}) =>
  judgeState(
    due,
    [untagged, vlan].map((way) => [way, madeWay(way, deliver, spoilt)]),
  );

for (const due of ['single-sent', 'replicated'] as const) {
  test(`a kernel that does what is due passes: ${due}`, () => {
    const state = judged(due, asDue(due));
    expect(state.reasons).toEqual([]);
    expect(state.verdict).toBe('pass');
    expect(state.cells['untagged']?.['arp-request-broadcast']).toMatchObject({
      sent: 4,
      seen: due === 'replicated' ? 'each-leaf' : 'one-leaf',
      verdict: 'pass',
    });
  });
}

test('an option that does nothing fails, and so does a copy where none is due', () => {
  expect(judged('replicated', asDue('single-sent')).verdict).toBe('fail');
  expect(judged('single-sent', asDue('replicated')).verdict).toBe('fail');
  expect(judged('replicated', toEach).verdict).toBe('fail');
});

test('one kind of frame that is not copied fails, and is named', () => {
  const state = judged('replicated', (probe) =>
    probe.kind === 'ns-unicast' ? toOne(probe) : asDue('replicated')(probe),
  );
  expect(state.verdict).toBe('fail');
  expect(state.cells['untagged']?.['ns-unicast']).toMatchObject({ seen: 'one-leaf', verdict: 'fail' });
  expect(state.cells['untagged']?.['ns-multicast']).toMatchObject({ seen: 'each-leaf', verdict: 'pass' });
});

test('what came to no leaf, or twice to one, is called neither one leaf nor each leaf', () => {
  for (const copies of [
    [0, 0],
    [2, 0],
  ] as const) {
    const state = judged('single-sent', (probe) => (probe.kind === 'rs' ? copies : toOne(probe)));
    expect(state.cells['untagged']?.['rs']).toMatchObject({ seen: 'other', verdict: 'fail' });
  }
});

test('one ARP frame that ends early and is not copied fails', () => {
  const state = judged('replicated', (probe) =>
    probe.group === 'truncated' ? toOne(probe) : asDue('replicated')(probe),
  );
  expect(state.cells['untagged']?.['truncated']).toMatchObject({ seen: 'one-leaf', verdict: 'fail' });
});

test('data that all takes one leg fails: the other leg was not proved', () => {
  expect(judged('single-sent', () => [1, 0]).verdict).toBe('fail');
});

for (const [what, spoilt] of [
  ['lost frames', { droppedByKernel: 1 }],
  ['does not know what it lost', { portDrops: null }],
  ['never listened', { ready: null }],
  ['has no fence', { fence: FIRST_CONTROL_ID + 99 }],
] as const) {
  test(`a capture that ${what} is no pass`, () => {
    expect(judged('single-sent', asDue('single-sent'), spoilt).verdict).toBe('inconclusive');
    expect(judged('replicated', asDue('replicated'), spoilt).verdict).toBe('inconclusive');
  });
}

test('a kernel that warned is no pass', () => {
  const evidence = { ...madeWay(untagged, toOne), warnings: ['WARNING: at drivers/net/bonding'] };
  expect(judgeState('single-sent', [[untagged, evidence]])).toMatchObject({ verdict: 'inconclusive' });
});

test('captures that would pass for either state say nothing', () => {
  const way: Way = { ...untagged, on: { ...untagged.on, duties: {} } };
  const sameForBoth: Way = {
    ...way,
    craft: (options) => untagged.craft(options).filter(({ kind }) => kind === 'data-udp'),
  };
  const state = judgeState('single-sent', [[sameForBoth, madeWay(sameForBoth, toOne)]]);
  expect(state.verdict).toBe('inconclusive');
  expect(state.reasons.join()).toContain('judged as if it were replicated');
});
