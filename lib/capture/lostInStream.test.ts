import { expect, test } from '@playwright/test';
import type { Node, Process, ProcessEnd } from '../testbed/node.js';
import { noSink } from './fileSink.js';
import { openLiveTap } from './live.js';

/** A capture without a frame. */
const EMPTY = Buffer.from('4d3cb2a1020004000000000000000000000800000100000000', 'hex').subarray(0, 24);

/** A node whose tcpdump counted so many frames, none of which comes. */
function nodeThatCounts(captured: string): Node {
  const end: ProcessEnd = { code: 0, signal: null, atNs: '0', lastOutput: `${captured}0 packets dropped by kernel\n` };
  const process: Process = {
    ended: Promise.resolve(end),
    hasEnded: () => end,
    line: () => Promise.resolve('listening on eth1'),
    stop: () => Promise.resolve(end),
  };
  return {
    name: 'leaf-a',
    clock: { id: 'x', now: () => Promise.resolve('0'), offset: () => Promise.resolve({ ns: 0n, errorNs: 0n }) },
    scratch: '/x',
    exec: () => Promise.reject(new Error('no command')),
    spawn(_, { onBytes } = {}) {
      onBytes?.(EMPTY);
      return Promise.resolve(process);
    },
    deploy: () => Promise.reject(new Error('no program')),
    terminal: { ok: false, lack: { what: '', command: '', output: '' } },
    shortcuts: { read: () => Promise.resolve(['', '']) },
  };
}

for (const [captured, dropped] of [
  ['0 packets captured\n', 0],
  ['3 packets captured\n', 3],
  ['', null],
] as const)
  test(`of frames that tcpdump counted and that did not come, none is taken for captured: ${captured.trim() || 'no count'}`, async () => {
    const timing = { captureReady: 1, command: 1 };
    const tap = await openLiveTap(nodeThatCounts(captured), 'eth1', { direction: 'in', salt: 1, sink: noSink }, timing);
    expect((await tap.stop()).droppedByKernel).toBe(dropped);
  });
