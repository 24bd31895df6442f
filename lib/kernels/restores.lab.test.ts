import { expect, test } from '@playwright/test';
import { buildGuest } from '../vm/buildGuest.js';
import { openPool, type GuestPool } from '../vm/pool.js';
import { ARE_ASKED, notTested } from '../vm/testing/guestTests.js';
import { wire } from './kernel.js';
import { judgeState } from './state.js';
import { tryWay } from './trial.js';
import { WAYS, type Way } from './ways.js';

test.skip(!ARE_ASKED, notTested('many restores of a guest'));
test.skip(process.env['EVERYLEAF_LONG'] !== '1', '50 guests, some 20 minutes: EVERYLEAF_LONG=1');

/** Builds the guest the first time. */
const LONGEST_MS = 600_000;
test.setTimeout(LONGEST_MS);
// One guest at a time, from one snapshot.
test.describe.configure({ mode: 'default' });

/** Verdicts that a snapshot must give: more than that were restored in a row when its flaws were found. */
const RESTORES = 50;

const [untagged] = WAYS as readonly [Way];

let pool: GuestPool;
let release = '';
test.beforeAll(async () => {
  const { guest, snapshot } = await buildGuest({ kernel: 'newest' }, () => undefined);
  release = guest.release;
  pool = openPool(guest, snapshot, 1);
});
test.afterAll(async () => {
  await pool[Symbol.asyncDispose]();
});

for (let round = 1; round <= RESTORES; round++) {
  const option = round % 2 === 0;
  const state = option ? 'on' : 'off';
  test(`restore ${round}: a bond with the option ${state} is told from one without it`, async () => {
    await using live = await pool.take();
    test.info().annotations.push({ type: 'answered after, ms', description: `${Math.round(live.answeredAfterMs)}` });
    expect(await wire(live, option)).toMatchObject({ option: state });
    const evidence = await tryWay(live, untagged, { release, state, wanted: [state] });
    const { verdict, reasons, cells } = judgeState(option ? 'replicated' : 'single-sent', [[untagged, evidence]]);
    expect({ verdict, reasons }).toEqual({ verdict: 'pass', reasons: [] });
    expect(cells[untagged.id]?.['ns-multicast']?.seen).toBe(option ? 'each-leaf' : 'one-leaf');
  });
}
