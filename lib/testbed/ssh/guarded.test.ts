import { expect, test } from '@playwright/test';
import type { SshConnection } from '../../ssh/connect.js';
import type { Guard } from '../../ssh/guard.js';
import { portWay } from './installed/faults.js';
import { shutVerb } from './cutElsewhere.js';
import { guarded } from './guarded.js';
import type { LabRecords } from './records.js';

const CONNECTION = { machine: { name: 'leafa', user: 'qa', sudo: true } } as unknown as SshConnection;

/** A machine that has one port, and what happens there and here, in order. */
function machineWithPort(
  more: { readonly ignores?: string; readonly noGuard?: boolean; readonly noDisk?: boolean } = {},
) {
  const story: string[] = [];
  const is = { port: 'open', guardLives: true, lease: true };
  const records = {
    lease: {
      current: () => is.lease,
      step: () => (is.lease ? Promise.resolve() : Promise.reject(new Error('the lease was lost'))),
    },
    journal: {
      begin({ machine, undo, guard }: { machine: string; undo: string[][]; guard: string | null }) {
        if (more.noDisk === true) throw new Error('the disk is full');
        story.push(`journal: ${machine} ${undo.map((argv) => argv.join(' ')).join('; ')} (${guard ?? ''})`);
        return 'id';
      },
      end: (id: string, how: string) => void story.push(`journal: ${id} ${how}`),
    },
    run: 'a run',
  } as unknown as LabRecords;
  const runs = (argv: readonly string[]) => {
    const shuts = argv.join(' ') === 'ip link set dev swp1 down';
    if (shuts) story.push('shut');
    if (shuts && more.ignores === undefined) is.port = 'shut';
    return Promise.resolve({ code: 0, signal: null, stdout: shuts ? '' : `${is.port}\n`, stderr: '' });
  };
  const guard: Guard = {
    folder: '/run/g',
    change: (argv) => (is.guardLives ? runs(argv) : Promise.reject(new Error('it has ended'))),
    renew: () => (is.guardLives ? Promise.resolve() : Promise.reject(new Error('it has ended'))),
    disarm() {
      is.port = 'open';
      return Promise.resolve(void story.push('disarmed'));
    },
  };
  const { make, mend } = guarded(CONNECTION, shutVerb(portWay('leafa', 'swp1')), 'leg-a: the cable is out', records, {
    arm(_, { undo, witness, asRoot }) {
      if (more.noGuard === true) return Promise.reject(new Error('no guard'));
      story.push(`armed: ${undo.map(({ argv }) => argv.join(' ')).join()} ${String(witness.length > 0 && asRoot)}`);
      return Promise.resolve(guard);
    },
    run: (_, { argv }) => runs(argv),
  });
  const seen = () => Promise.resolve(void story.push('seen'));
  return { make, mend: () => mend(seen), story, is };
}

const ARMED = 'armed: ip link set dev swp1 up true';
const BEGUN = 'journal: leafa ip link set dev swp1 up (/run/g)';

test('a guard that lives, then the journal, then the verb; and the journal is closed when the undo was seen', async () => {
  const { make, mend, story, is } = machineWithPort();
  await make();
  expect([is.port, story]).toEqual(['shut', [ARMED, BEGUN, 'shut']]);
  story.length = 0;
  await mend();
  await mend();
  expect([is.port, story]).toEqual(['open', ['disarmed', 'seen', 'journal: id undone']]);
});

test('without a guard, a journal or a lease nothing is broken', async () => {
  const noGuard = machineWithPort({ noGuard: true });
  await expect(noGuard.make()).rejects.toThrow('no guard');
  const noDisk = machineWithPort({ noDisk: true });
  await expect(noDisk.make()).rejects.toThrow('the disk is full');
  const noLease = machineWithPort();
  noLease.is.lease = false;
  await expect(noLease.make()).rejects.toThrow('the lease was lost');
  const late = machineWithPort();
  late.is.guardLives = false;
  await expect(late.make()).rejects.toThrow('it has ended');
  expect(late.is.port).toBe('open');
  const shut = machineWithPort();
  shut.is.port = 'shut';
  await expect(shut.make()).rejects.toThrow('leafa: swp1 is shut already');
  for (const { story, mend } of [noGuard, noDisk, noLease, shut]) {
    expect(story).not.toContain('shut');
    await mend().catch(() => undefined);
    expect(story.filter((line) => line.startsWith('journal'))).toEqual([]);
  }
  expect(noDisk.story).toEqual([ARMED, 'disarmed', 'seen']);
});

test('what the machine does not say that it did has not happened', async () => {
  const { make } = machineWithPort({ ignores: 'shut' });
  await expect(make()).rejects.toThrow('leafa: it was told to shut swp1, and says: open');
});

test('a verb that its guard has undone before its time is told, when it is undone', async () => {
  const { make, mend, is, story } = machineWithPort();
  await make();
  is.guardLives = false;
  await expect(mend()).rejects.toThrow('"leg-a: the cable is out" was undone before its time: it has ended');
  expect(story.slice(-3)).toEqual(['disarmed', 'seen', 'journal: id undone']);
  await mend();
});

test('without a lease it is left to its guard', async () => {
  const { make, mend, is, story } = machineWithPort();
  await make();
  is.lease = false;
  await expect(mend()).rejects.toThrow('the lease was lost');
  expect(story.at(-1)).toBe('shut');
});
