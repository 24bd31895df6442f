import { expect, test } from '@playwright/test';
import type { Node } from '../testbed/node.js';
import { countMoves, moveCounter } from './bridgeMoves.js';

function movesIn(...lines: readonly string[]): number {
  const counter = moveCounter('vmbr0');
  lines.forEach(counter.line);
  return counter.count();
}

const AT = (port: string) => `02:00:00:00:01:0a dev ${port} master vmbr0`;

test('a MAC that is found behind another port has moved, also when it comes back', () => {
  expect(movesIn(AT('vm1'))).toBe(0);
  expect(movesIn(AT('vm1'), AT('vm1'))).toBe(0);
  expect(movesIn(AT('vm1'), AT('up-a'))).toBe(1);
  expect(movesIn(AT('vm1'), `[FDB]${AT('up-a')}`, AT('vm1'))).toBe(2);
});

test('a MAC that was forgotten first has not moved', () => {
  expect(movesIn(AT('up-a'), `Deleted ${AT('up-a')}`, AT('up-b'))).toBe(0);
  // What is told late of a port that it has left changes nothing.
  expect(movesIn(AT('up-a'), AT('up-b'), `Deleted ${AT('up-a')}`, AT('up-b'))).toBe(1);
});

test("MACs of the bridge's own, and those of other bridges, are nobody's", () => {
  const own = '02:00:00:00:01:01 dev up-a master vmbr0 permanent';
  expect(movesIn(own, own.replace('up-a', 'up-b'))).toBe(0);
  expect(movesIn(AT('vm1').replace('vmbr0', 'docker0'), AT('up-a'))).toBe(0);
  expect(movesIn('33:33:00:00:00:01 dev up-a self permanent', 'nonsense')).toBe(0);
});

test('in each VLAN a MAC has a place of its own', () => {
  const on = (port: string, vlan: number) => `02:00:00:00:01:0c dev ${port} vlan ${vlan} master vmbr0 `;
  expect(movesIn(on('vm3', 20), on('vm1', 30))).toBe(0);
  expect(movesIn(on('vm3', 20), on('vm1', 30), on('vm3', 30))).toBe(1);
});

/** A node whose monitor tells only when it is let, and of a mark as the kernel does. */
function slowMonitor() {
  const told: string[] = [];
  let hear: (line: string) => void = () => undefined;
  const node = {
    name: 'host',
    spawn: (_argv: readonly string[], { onLine }: { readonly onLine: (line: string) => void }) => {
      hear = onLine;
      return Promise.resolve({});
    },
    exec: (_argv: readonly string[], { input }: { readonly input: string }) => {
      for (const [, verb, mac] of input.matchAll(/^fdb (replace|del) (\S+)/gm))
        told.push(`${verb === 'del' ? 'Deleted ' : ''}${mac ?? ''} dev vmbr0 self permanent`);
      return Promise.resolve({ code: 0, stdout: '', stderr: '' });
    },
  } as unknown as Node;
  return {
    node,
    happens: (line: string) => told.push(line),
    tell: (lines = told.length) => told.splice(0, lines).forEach((line) => hear(line)),
  };
}

test('the count waits for a monitor that tells late, and is not known where it does not tell at all', async () => {
  const { node, happens, tell } = slowMonitor();
  const moves = await countMoves(node, 'vmbr0');
  happens(AT('vm1'));
  happens(AT('up-a'));
  const count = moves();
  setImmediate(() => tell());
  expect(await count).toBe(1);
  happens(AT('vm1'));
  expect(await moves(1)).toBeNull();
  // What it tells of the count before answers no later one.
  let isAnswered = false;
  const next = moves().finally(() => (isAnswered = true));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await turn();
  tell(3);
  await turn();
  expect(isAnswered).toBe(false);
  tell();
  expect(await next).toBe(2);
});
