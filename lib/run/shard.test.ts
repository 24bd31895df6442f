import { expect, test } from '@playwright/test';
import { distribute, expectedMs, parseShard } from './shard.js';

test('a shard is a part of a number of parts', () => {
  expect(parseShard('2/3')).toEqual({ index: 2, total: 3 });
  for (const text of ['0/3', '4/3', '1/65', '1', '1/', '1/2/3', '-1/2', '01/2', '1/2 '])
    expect(parseShard(text), text).toBeNull();
});

test('every test falls to one shard, and no shard has much more to do than another', () => {
  const ms = [900, 100, 100, 100, 800, 100, 100, 100, 100, 100];
  const shards = distribute(ms, 3);
  const loads = [1, 2, 3].map((shard) => ms.filter((_, i) => shards[i] === shard).reduce((sum, one) => sum + one, 0));
  expect(loads.reduce((sum, one) => sum + one, 0)).toBe(2500);
  expect(Math.max(...loads)).toBe(900);
  expect(Math.min(...loads)).toBe(800);
  expect(distribute(ms, 3)).toEqual(shards);
  // Tests without any duration are still shared out.
  expect(distribute([0, 0, 0, 0], 2).filter((shard) => shard === 1)).toHaveLength(2);
  expect(distribute([1], 4)).toEqual([1]);
});

test('what has no duration of its own takes as long as others of its scenario, else as any', () => {
  const tests = ['a', 'control off', 'new'].map((project, i) => ({ scenario: i === 2 ? 'other' : 's', project }));
  const durations = { 's [p/a]': 10, 's [p/b]': 30, 'z [p/a]': 110 };
  const name = ({ scenario, project }: { scenario: string; project: string }) =>
    project.startsWith('control ') ? null : `${scenario} [p/${project}]`;
  expect(expectedMs(tests, durations, name)).toEqual([10, 20, 50]);
  expect(expectedMs(tests, {}, name)).toEqual([1, 1, 1]);
});
