import { expect, test } from '@playwright/test';
import { lacking, offer } from '../testbed/capability.js';
import { allWaits, watchCpuWaits } from './cpuWaits.js';

/** Looks at these figures in turn, by a clock of 10 ns a reading; ends with the last one. */
async function watch(figures: readonly (number | null)[]) {
  let time = 0;
  let at = 0;
  let tellAll: () => void = () => undefined;
  const allTold = new Promise<void>((resolve) => (tellAll = resolve));
  const stop = watchCpuWaits(
    {
      node: 'host',
      cpuWait: offer(() => {
        const figure = figures[Math.min(at++, figures.length - 1)] ?? null;
        if (at >= figures.length) tellAll();
        return Promise.resolve(figure);
      }),
    },
    () => Promise.resolve(String((time += 10))),
  );
  await allTold;
  return stop();
}

test('a wait is told with the looks that it was between', async () => {
  expect(await watch([5e6, 105e6, 110e6])).toEqual([{ node: 'host', fromNs: '10', toNs: '40', waitedNs: 100e6 }]);
});

test('a switch that was started anew counts from its first look on', async () => {
  expect(await watch([500e6, null, 3e6, 90e6])).toMatchObject([{ waitedNs: 87e6 }]);
});

test('nothing is told where nothing waits, and where it cannot be read any more', async () => {
  const now = () => Promise.resolve('1');
  const none = lacking({ what: 'a program', command: 'none', output: 'none' });
  expect(await watchCpuWaits({ node: 'host', cpuWait: none }, now)()).toEqual([]);
  const gone = offer(() => Promise.reject(new Error('the lab is gone')));
  expect(await watchCpuWaits({ node: 'host', cpuWait: gone }, now)()).toEqual([]);
});

test('a lab that is gone, and that nobody closed, is not looked at for ever', async () => {
  let reads = 0;
  const figures = [5e6, null];
  const cpuWait = offer(() => Promise.resolve(figures[reads++] ?? null));
  // Every clock is later than that.
  const stop = watchCpuWaits({ node: 'host', cpuWait }, () => Promise.resolve('1'), -1);
  expect(await stop()).toEqual([]);
  expect(reads).toBe(1);
});

test('what an emulated machine waits is added to what is seen from inside, and excuses nothing where no program forwards', async () => {
  const own = offer(() => Promise.resolve<number | null>(5));
  const none = lacking({ what: 'a program', command: 'none', output: 'none' });
  const read = async (cpuWait: typeof own | typeof none, machineWait?: () => Promise<number | null>) => {
    const all = allWaits({ cpuWait }, machineWait === undefined ? {} : { machineWait });
    return all?.ok === true ? await all.use() : 'nobody';
  };
  expect(await read(own)).toBe(5);
  expect(await read(none)).toBe('nobody');
  expect(await read(own, () => Promise.resolve(7))).toBe(12);
  expect(await read(none, () => Promise.resolve(7))).toBe('nobody');
  expect(await read(own, () => Promise.resolve(null))).toBeNull();
});
