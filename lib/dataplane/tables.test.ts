import { expect, test } from '@playwright/test';
import { fdbMovesOf } from './tables.js';
import type { LeafControl, Plane } from './plane.js';

const switchThat = (node: string, moves: number | null) => ({ node, fdbMoves: () => Promise.resolve(moves) });

test('the moves of host and leaves are told by node, and those that do not tell are left out', async () => {
  const plane = {
    ...switchThat('host', 3),
    leaves: new Map([
      ['leaf-a', switchThat('leaf-a', 12) as unknown as LeafControl],
      ['leaf-b', switchThat('leaf-b', null) as unknown as LeafControl],
    ]),
  } as unknown as Plane;
  expect(await fdbMovesOf(plane)).toEqual({ host: 3, 'leaf-a': 12 });
});
