import { shellCommand } from '../../shellQuote.js';
import { armGuard, type Guard, type UndoStep } from '../../ssh/guard.js';
import { SshError } from '../../ssh/error.js';
import type { SshConnection } from '../../ssh/connect.js';
import { run } from '../../ssh/process.js';
import type { CommandResult } from '../node.js';
import { SSH_TIMING } from '../../ssh/timing.js';
import type { LabRecords } from './records.js';
import { FAR } from './timing.js';

/** Runs a command of a verb on its machine, and returns what it printed. Throws SshError where it fails. */
export type VerbCommand = (argv: readonly string[], input?: string) => Promise<string>;

/** Something that is broken on a machine for a while. */
export interface Verb {
  readonly machine: string;
  /** Throws where it must not be made, or could not be seen. Nothing is armed yet, and nothing may be changed. */
  before(command: VerbCommand): Promise<unknown>;
  readonly breaks: UndoStep;
  /** For the guard: also where there is nothing to undo. */
  readonly mends: UndoStep;
  /** For the journal, and so for `repair`: what allowed.ts allows. */
  readonly journaled: readonly string[];
  /** Ends with 0 when it is undone. */
  readonly witness: readonly string[];
  /** Throws where the machine does not say that it has happened. */
  seen(command: VerbCommand): Promise<unknown>;
}

/** A verb under a guard and a journal of its own. */
export interface Guarded {
  /** In this order: it is looked at, the guard is armed, the journal is on the disk, it is broken, it is seen to be. */
  readonly make: () => Promise<void>;
  /**
   * Undoes it, or does nothing. `seen` is awaited before the journal says that it is undone. Throws SshError, when all is
   * undone, where the guard had undone it before: then nobody knows for how long it was in force.
   */
  readonly mend: (seen: () => Promise<unknown>) => Promise<void>;
}

/** How machines are reached; other ones in tests. */
export interface VerbMeans {
  readonly arm: typeof armGuard;
  readonly run: typeof run;
}

const FAR_MEANS: VerbMeans = { arm: armGuard, run };

/** One change at a time, on a machine that we are logged in to. */
export function guarded(
  connection: SshConnection,
  verb: Verb,
  name: string,
  { lease, journal, run: by }: LabRecords,
  means = FAR_MEANS,
): Guarded {
  const { machine } = verb;
  const asRoot = connection.machine.user === 'root' || connection.machine.sudo;
  let guard: Guard | null = null;
  let entry: string | null = null;
  let timer: NodeJS.Timeout | undefined;

  const printed = (argv: readonly string[], { code, stdout, stderr }: CommandResult): string => {
    if (code === 0) return stdout;
    throw new SshError(machine, `"${shellCommand(argv)}" fails: ${(stderr || stdout).trim() || `code ${code}`}`);
  };
  const command: VerbCommand = async (argv, input) => {
    await lease.step();
    const far = { argv, asRoot, ...(input === undefined ? {} : { input }) };
    return printed(argv, await means.run(connection, far, SSH_TIMING.command));
  };

  return {
    async make() {
      await verb.before(command);
      guard = await means.arm(connection, {
        undo: [verb.mends],
        witness: verb.witness,
        seconds: FAR.guardSeconds,
        asRoot,
      });
      const armed = guard;
      timer = setInterval(() => {
        if (lease.current()) armed.renew().catch(() => clearInterval(timer));
      }, FAR.renewal);
      entry = journal.begin({ run: by, machine, what: name, undo: [[...verb.journaled]], guard: guard.folder });
      await lease.step();
      const { argv, input } = verb.breaks;
      printed(argv, await armed.change(argv, input));
      await verb.seen(command);
    },
    async mend(seen) {
      clearInterval(timer);
      if (guard === null) return;
      // Without a lease nothing is touched: the guard undoes it by itself.
      await lease.step();
      // One that has undone already is gone, as one is that is told to: only a renewal tells them apart.
      const early = await guard.renew().then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : 'it does not answer'),
      );
      await guard.disarm();
      await seen();
      if (entry !== null) journal.end(entry, 'undone');
      guard = null;
      entry = null;
      if (early !== null) throw new SshError(machine, `"${name}" was undone before its time: ${early}`);
    },
  };
}
