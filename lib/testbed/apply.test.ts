import { expect, test } from '@playwright/test';
import { createChanges, type Changes } from './apply.js';
import type { Change } from './change.js';

/** Changes whose commands are kept in a story; those that begin with `fail` fail. */
function told(options: { readonly holds?: boolean } = {}): { readonly changes: Changes; readonly story: string[] } {
  const story: string[] = [];
  let clock = 0;
  const changes = createChanges({
    now: () => Promise.resolve(String(++clock)),
    run({ node, argv }) {
      const text = `${node}: ${argv.join(' ')}`;
      story.push(text);
      return argv[0]?.startsWith('fail') === true ? Promise.reject(new Error(`${text} failed`)) : Promise.resolve();
    },
    ...(options.holds === true
      ? {
          hold(change) {
            story.push(`held: ${change.name}`);
            return Promise.resolve(() => Promise.resolve(void story.push(`released: ${change.name}`)));
          },
        }
      : {}),
  });
  return { changes, story };
}

const command = (text: string) => ({ node: 'n', argv: text.split(' ') });

function change(name: string, steps: readonly string[], undo: readonly string[]): Change {
  return { name, steps: steps.map(command), undo: undo.map(command), maxMs: 1 };
}

test('a change is made, told from when to when, and undone once however often that is asked', async () => {
  const { changes, story } = told();
  const applied = await changes.apply(change('cut', ['down', 'wait'], ['up']));
  expect(applied.edge).toEqual({ fromNs: '1', toNs: '2' });
  expect(changes.inForce()).toEqual(['cut']);
  const [first, second] = await Promise.all([applied.undo(), applied.undo()]);
  expect(first).toEqual({ fromNs: '3', toNs: '4' });
  expect(second).toBe(first);
  await applied[Symbol.asyncDispose]();
  expect(story).toEqual(['n: down', 'n: wait', 'n: up']);
  expect(changes.inForce()).toEqual([]);
});

test('an action is taken in its turn', async () => {
  const { changes, story } = told();
  const say = (what: string) => ({ what, run: () => Promise.resolve(void story.push(what)) });
  const steps = [command('down'), say('seen down'), command('more')];
  await (await changes.apply({ name: 'cut', steps, undo: [say('seen up')], maxMs: 1 })).undo();
  expect(story).toEqual(['n: down', 'seen down', 'n: more', 'seen up']);
});

test('the undo is recorded before the first step, and dropped after the last', async () => {
  const { changes, story } = told({ holds: true });
  await (await changes.apply(change('cut', ['down'], ['up']))).undo();
  expect(story).toEqual(['held: cut', 'n: down', 'n: up', 'released: cut']);
});

test('what fails half-way is undone, and says why it failed', async () => {
  const { changes, story } = told();
  await expect(changes.apply(change('cut', ['down', 'fail'], ['up']))).rejects.toThrow('n: fail failed');
  expect(story).toEqual(['n: down', 'n: fail', 'n: up']);
  expect(changes.inForce()).toEqual([]);
});

test('an undo that fails takes all its steps, stays in force, is told, and can be tried again', async () => {
  const { changes, story } = told();
  const applied = await changes.apply(change('cut', ['down'], ['fail', 'up']));
  await expect(applied.undo()).rejects.toThrow('"cut" could not be undone: n: fail failed');
  expect(story).toEqual(['n: down', 'n: fail', 'n: up']);
  expect(changes.inForce()).toEqual(['cut']);
  await expect(applied.undo()).rejects.toThrow('could not be undone');
  expect(story).toHaveLength(5);
  await expect(changes.apply(change('both', ['fail'], ['fail2']))).rejects.toThrow(
    'n: fail failed; and then "both" could not be undone: n: fail2 failed',
  );
});

test('all are undone, the last first, and one that fails does not keep the others', async () => {
  const { changes, story } = told();
  await changes.apply(change('first', ['a'], ['not a']));
  await changes.apply(change('second', ['b'], ['fail b']));
  await changes.apply(change('third', ['c'], ['not c']));
  story.length = 0;
  await expect(changes.undoAll()).rejects.toThrow('"second" could not be undone');
  expect(story).toEqual(['n: not c', 'n: fail b', 'n: not a']);
  expect(changes.inForce()).toEqual(['second']);
});
