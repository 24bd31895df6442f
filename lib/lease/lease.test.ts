import { expect, test } from '@playwright/test';
import { continueLease, takeLease } from './lease.js';
import { HOLDER, tokenOf } from './testing/holder.js';
import type { LeaseAnswer, LeaseKeeper, LeaseOperation, LeaseState } from './types.js';

const FREE: LeaseState = { is: 'free', secondsLeft: 0, holder: null, said: null };
const HELD: LeaseState = { is: 'held', secondsLeft: 90, holder: { ...HOLDER, who: 'night' }, said: null };

/** A keeper whose lease has run out, and who then answers so to a regain. */
function keeperThat(regain: LeaseAnswer, state: LeaseState = FREE, regains = true) {
  const asked: LeaseOperation[] = [];
  const keeper: LeaseKeeper = {
    ...{ binding: 'rack', seconds: 90, regains },
    ask(operation) {
      asked.push(operation);
      const others: LeaseAnswer = { done: operation !== 'renew', state };
      return Promise.resolve(operation === 'regain' ? regain : others);
    },
    show: () => Promise.resolve(state),
  };
  return { keeper, asked };
}

test('a lease that has run out goes on where nobody has taken it since', async () => {
  let nowMs = 0;
  const { keeper, asked } = keeperThat({ done: true, state: HELD });
  const lease = await takeLease(keeper, HOLDER, () => nowMs);
  nowMs = 100_000;
  expect(lease.current()).toBe(false);
  await lease.step();
  expect([lease.current(), asked]).toEqual([true, ['take', 'renew', 'regain']]);
});

test('one that somebody has taken since is lost for ever, and so is one of a keeper who cannot prove it', async () => {
  for (const [regain, state, regains, expected] of [
    [{ done: false, state: HELD }, FREE, true, ['take', 'renew', 'regain']],
    [{ done: true, state: HELD }, HELD, true, ['take', 'renew']],
    [{ done: true, state: HELD }, FREE, false, ['take', 'renew']],
  ] as const) {
    const { keeper, asked } = keeperThat(regain, state, regains);
    const lease = await takeLease(keeper, HOLDER);
    await expect(lease.renew()).rejects.toThrow('was lost');
    await expect(lease.step()).rejects.toThrow('was lost');
    expect([lease.lost.aborted, asked]).toEqual([true, expected]);
  }
});

test('processes of a run regain it, too, and who took it by hand some day does not', async () => {
  const { keeper, asked } = keeperThat({ done: true, state: HELD });
  expect(await continueLease(keeper, tokenOf('a'), HOLDER)).toBeNull();
  expect(asked).toEqual(['renew']);
  expect(await continueLease(keeper, tokenOf('a'), HOLDER, true)).not.toBeNull();
});
