import { expect, test } from '@playwright/test';
import { together } from './together.js';

test('of two pieces of work both have ended, and the failure of the first is the one that is told', async () => {
  const ended: string[] = [];
  const work = async (name: string, turns: number, fails: boolean): Promise<string> => {
    for (let i = 0; i < turns; i++) await Promise.resolve();
    ended.push(name);
    if (fails) throw new Error(name);
    return name;
  };
  expect(await together(work('a', 3, false), work('b', 1, false))).toEqual(['a', 'b']);
  await expect(together(work('c', 9, true), work('d', 1, true))).rejects.toThrow('c');
  await expect(together(work('e', 9, false), work('f', 1, true))).rejects.toThrow('f');
  expect(ended).toEqual(['b', 'a', 'd', 'c', 'f', 'e']);
});
