import { expect, test } from '@playwright/test';
import type { SshConnection } from '../../ssh/connect.js';
import type { Guard } from '../../ssh/guard.js';
import { armGuards } from './guards.js';

const MACHINE = {
  machine: { name: 'leafa', connection: {} as SshConnection },
  guard: { undo: [], witness: ['true'] },
};

/** A guard and a lease that a test ends. */
async function armed() {
  const is = { current: true, alive: true };
  const story: string[] = [];
  const guard: Guard = {
    folder: '/run/everyleaf-guard-1',
    renew: () => (is.alive ? Promise.resolve() : Promise.reject(new Error('the guard of a change has ended'))),
    change: () => Promise.reject(new Error('nothing is changed here')),
    disarm: () => Promise.resolve(void story.push('disarmed')),
  };
  const lease = { current: () => is.current, lost: new AbortController().signal };
  return { is, story, guards: await armGuards([MACHINE], lease, () => Promise.resolve(guard)) };
}

test('while the lease is not ours no guard is renewed, and the lab is whole again when it was regained', async () => {
  const { is, story, guards } = await armed();
  guards.well();
  is.current = false;
  await expect(guards.renew()).rejects.toThrow('the lease has ended without a renewal');
  expect(() => guards.well()).toThrow('the lease has ended without a renewal');
  is.current = true;
  await guards.renew();
  guards.well();
  await guards.release();
  expect(story).toEqual(['disarmed']);
});

test('a guard that undid while the lease was not ours is found, at the latest at the end', async () => {
  const { is, story, guards } = await armed();
  is.current = false;
  await expect(guards.renew()).rejects.toThrow('the lease has ended');
  is.alive = false;
  is.current = true;
  await expect(guards.release()).rejects.toThrow('the guard of a change has ended');
  expect(story, 'the others are ended all the same').toEqual(['disarmed']);
  expect(() => guards.well()).toThrow('the guard of a change has ended');
});

test('a lease that has run out until the end is told', async () => {
  const { is, guards } = await armed();
  is.current = false;
  await expect(guards.renew()).rejects.toThrow('the lease has ended');
  await expect(guards.release()).rejects.toThrow('the lease has ended');
});
