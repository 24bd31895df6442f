import { expect, test } from '@playwright/test';
import type { StreamOptions } from '../../../ssh/process.js';
import type { FarMachine } from '../machine.js';
import { watchArrivals, type Counts } from './arrivals.js';

const TIMES = { comes: 100, onItsWay: 1 };

/** A wire on which each frame that is spoken is counted and goes one way or the other. */
function wire(fateOf: (number: number) => 'comes' | 'is lost' | 'comes uncounted' | 'is in both') {
  const counts = { all: 0, dropped: 0 };
  let stream: StreamOptions | undefined;
  const machine = {
    name: 'leafa',
    start(options: StreamOptions) {
      stream = options;
      options.onLine?.('listening on swp1, link-type EN10MB (Ethernet), snapshot length 64 bytes');
      return Promise.resolve({ ended: new Promise(() => undefined), stop: () => Promise.resolve() });
    },
  } as unknown as FarMachine;
  let spoken = 0;
  const speak = () => {
    const fate = fateOf(spoken++);
    if (fate !== 'comes uncounted') counts.all++;
    if (fate === 'is lost' || fate === 'is in both') counts.dropped++;
    if (fate !== 'is lost') void stream?.onBytes(Buffer.from('02:00 > 01:80, 88b6\n'));
    return Promise.resolve();
  };
  const asked = () => Promise.resolve<Counts>({ ...counts });
  return {
    arrivals: (verb = 'mute') => watchArrivals(machine, 'swp1', verb, speak, TIMES),
    asked,
    argv: () => stream?.argv,
  };
}

test('a frame must come before anything can be lost', async () => {
  await (await wire(() => 'comes').arrivals()).comes('before');
  await expect((await wire(() => 'is lost').arrivals()).comes('before')).rejects.toThrow(
    'waited 100 ms for a frame of ours to come in at leafa swp1 before',
  );
});

test('all are lost only where the sender drops them, and the other end sees none', async () => {
  const dead = wire(() => 'is lost');
  await (await dead.arrivals()).stopped(dead.asked);
  for (const [fate, why] of [
    ['comes', 'waited 100 ms for 3 frames to be lost'],
    ['comes uncounted', 'waited 100 ms for 3 frames to be lost'],
    ['is in both', 'frames still come in at swp1'],
  ] as const) {
    const wrong = wire(() => fate);
    await expect((await wrong.arrivals()).stopped(wrong.asked), fate).rejects.toThrow(why);
  }
});

test('some are lost only where both ends say so', async () => {
  const lossy = wire((number) => (number % 3 === 0 ? 'is lost' : 'comes'));
  await (await lossy.arrivals('lose')).thinned(lossy.asked);
  for (const fate of ['comes', 'is lost'] as const) {
    const wrong = wire(() => fate);
    await expect((await wrong.arrivals('lose')).thinned(wrong.asked), fate).rejects.toThrow('some frames to be lost');
  }
});

test('of LACP nothing is said in the name of another', async () => {
  const quiet = wire(() => 'comes');
  await expect((await quiet.arrivals('silenceLacp')).comes('before')).rejects.toThrow('for LACP to come in');
  expect(quiet.argv()?.join(' ')).toContain('ether proto 34825');
});
