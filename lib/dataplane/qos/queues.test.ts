import { expect, test } from '@playwright/test';
import { priorityOf } from '../../lab/tcClass.js';
import { DATA_CLASS, lacpScript, queuedIn, queueFact, queueLines } from './queues.js';
import { qosTraits } from './traits.js';

/** As tc of iproute2 6.1 writes it. */
const shown = (queue: object) =>
  JSON.stringify([
    { kind: 'htb', handle: '1:', root: true, options: { default: '0x10' }, qlen: 90 },
    { kind: 'pfifo', handle: '8002:', parent: '1:20', options: { limit: 1000 }, qlen: 60 },
    { kind: 'pfifo', handle: '8001:', parent: DATA_CLASS, options: { limit: 50 }, qlen: 49, drops: 7, ...queue },
  ]);

test('what waits in the queue of data is read, and not what waits in another one', () => {
  expect(queuedIn(shown({}))).toEqual({ frames: 49, room: 50, refused: 7, lastsMs: 141 });
  expect(queuedIn(shown({ qlen: 92, options: { limit: 1000 } }))).toEqual({
    frames: 92,
    room: 50,
    refused: 7,
    lastsMs: 141,
  });
  expect(queuedIn(shown({ parent: '1:30' })).frames).toBe(0);
  expect(queuedIn('')).toEqual({ frames: 0, room: 50, refused: 0, lastsMs: 141 });
});

test('an uplink without the queue, or with another one, is told', () => {
  const fact = (queue: object) => {
    const { ok, value } = queueFact(shown(queue), 'up-a');
    return `${ok} ${value}`;
  };
  expect(fact({})).toBe('true pfifo, 50 frames');
  expect(fact({ options: { limit: 1000 } })).toBe('true pfifo, 1000 frames');
  expect(fact({ kind: 'tbf', options: {} })).toBe('false tbf, unknown frames');
  expect(fact({ parent: '1:30' })).toBe('false none');
});

test('LACPDUs do not wait behind data', () => {
  expect(priorityOf('1:20')).toBe('0x00010020');
  expect(lacpScript(['up-a'], priorityOf('1:20'))).toContain('@ll,96,16 0x8809 meta priority set 0x00010020');
  expect(queueLines('up-a').filter((line) => line.includes('classid 1:20'))).toHaveLength(1);
  expect(qosTraits('htb').queues).toBe(true);
  expect(() => qosTraits('cake')).toThrow(/no variant "cake"; it has htb/);
});
