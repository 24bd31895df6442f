import { expect, test } from '@playwright/test';
import type { KillWay } from '../../../repair/killWay.js';
import type { SshConnection } from '../../../ssh/connect.js';
import type { Guard } from '../../../ssh/guard.js';
import type { Step } from '../../change.js';
import type { LabRecords } from '../records.js';
import { killChange, killVerb } from './killing.js';

const WAY: KillWay = { machine: 'server', kill: ['die'], start: ['live'], show: ['show'], deadSays: 'dead' };
const CONNECTION = { machine: { name: 'server', user: 'root', sudo: false } } as unknown as SshConnection;

/** A machine with a replicator. */
function machineWithReplicator({ dies = true } = {}) {
  const story: string[] = [];
  const is = { replicator: 'alive' };
  const records = {
    lease: { current: () => true, step: () => Promise.resolve() },
    journal: {
      begin: ({ undo }: { undo: string[][] }) => (story.push(`journal: ${undo.join()}`), 'id'),
      end: (_: string, how: string) => void story.push(`journal: ${how}`),
    },
    run: 'a run',
  } as unknown as LabRecords;
  const answer = (stdout: string) => Promise.resolve({ code: 0, signal: null, stdout, stderr: '' });
  const runs = (argv: readonly string[]) => {
    if (argv[0] !== 'die') return answer(`${is.replicator}\n`);
    story.push('killed');
    if (dies) is.replicator = 'dead';
    return answer('');
  };
  const guard: Guard = {
    folder: '/run/g',
    change: (argv) => runs(argv),
    renew: () => Promise.resolve(),
    disarm: () => ((is.replicator = 'alive'), Promise.resolve(void story.push('started'))),
  };
  const change = killChange(CONNECTION, WAY, records, {
    arm: (_, { undo }) => (
      story.push(`armed: ${undo.map(({ argv }) => argv.join(' ')).join()}`),
      Promise.resolve(guard)
    ),
    run: (_, { argv }) => runs(argv),
  });
  const take = async (steps: readonly Step[]) => {
    for (const step of steps) if ('run' in step) await step.run();
  };
  return { is, story, make: () => take(change.steps), undo: () => take(change.undo) };
}

test('a guard, the journal, the kill, and that it is dead; then it is started again', async () => {
  const { make, undo, story, is } = machineWithReplicator();
  await make();
  expect([is.replicator, story]).toEqual(['dead', ['armed: live', 'journal: live', 'killed']]);
  await undo();
  expect(story.slice(3)).toEqual(['started', 'journal: undone']);
  await undo();
  expect(story).toHaveLength(5);
});

test('one that is dead already is not killed', async () => {
  const { make, story, is } = machineWithReplicator();
  is.replicator = 'dead';
  await expect(make()).rejects.toThrow('server: the replicator is dead already');
  expect(story).toEqual([]);
});

test('one that came back by itself is an error, when all is undone', async () => {
  const { make, undo, story, is } = machineWithReplicator();
  await make();
  is.replicator = 'alive';
  await expect(undo()).rejects.toThrow('server: the replicator came back by itself, and its host said: alive');
  expect(story.at(-1)).toBe('journal: undone');
});

test('one that does not die is told with what its host says', async () => {
  const verb = killVerb(WAY, 0);
  await expect(verb.seen(() => Promise.resolve('alive\n'))).rejects.toThrow(
    'server: the replicator was killed, and its host says: alive',
  );
  await verb.seen(() => Promise.resolve('dead\n'));
});
