import { expect, test } from '@playwright/test';
import { noSink } from '../../capture/fileSink.js';
import type { TapSource } from '../port.js';
import { countLosses, type LossCommand } from './losses.js';

const TAP: TapSource = {
  open: () =>
    Promise.resolve({
      command: [],
      ready: '',
      seen: () => Promise.resolve(true),
      missing: () => Promise.resolve([]),
      stop: () => Promise.resolve({ receivedByFilter: 0, droppedByKernel: 0, droppedByInterface: 0, portDrops: 0 }),
    }),
};

/** A command that says one thing after another. */
function says(...texts: readonly (string | Error)[]): LossCommand {
  let at = 0;
  return {
    machine: 'leafb',
    argv: ['nft', 'list', 'counters'],
    run() {
      const text = texts[at++];
      if (text === undefined) return Promise.resolve({ code: 1, stdout: '', stderr: 'no such table\n' });
      if (text instanceof Error) return Promise.reject(text);
      return Promise.resolve({ code: 0, stdout: text, stderr: '' });
    },
  };
}

async function lost(...commands: readonly LossCommand[]) {
  const tap = await countLosses(TAP, commands).open({ direction: 'in', salt: 1, sink: noSink });
  return (await tap.stop()).lost;
}

test('counters are read before and after a capture; several count what the one counted that grew most', async () => {
  expect(await lost(says('drops: 4', 'drops: 4'))).toEqual({ frames: 0, unread: null });
  expect(await lost(says('drops: 4', 'drops: 7'), says('missed: 1', 'missed: 2'))).toEqual({ frames: 3, unread: null });
  expect(await lost()).toBeUndefined();
});

test('where one command cannot be read nothing is known, and it is said which', async () => {
  const unread = (output: string) => ({
    frames: null,
    unread: { what: 'the counters of frames that leafb lost', command: 'nft list counters', output },
  });
  expect(await lost(says('drops: 4', 'drops: 4'), says('drops: 4'))).toEqual(unread('no such table'));
  expect(await lost(says(), says('drops: 4', 'drops: 4'))).toEqual(unread('no such table'));
  expect(await lost(says('up 3 days', 'up 3 days'))).toEqual(unread('it printed no counter of lost frames'));
  expect(await lost(says('drops: 4', new Error('leafb does not answer')))).toEqual(unread('leafb does not answer'));
});
