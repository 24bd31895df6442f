import { shellCommand } from '../../shellQuote.js';
import { armGuard, type Guard } from '../../ssh/guard.js';
import { SshError } from '../../ssh/error.js';
import type { SshConnection } from '../../ssh/connect.js';
import { run } from '../../ssh/process.js';
import { SSH_TIMING } from '../../ssh/timing.js';
import { openWitness, type UnplugWay } from '../../repair/unplugWay.js';
import type { LabRecords } from './records.js';
import { FAR } from './timing.js';

/** Takes the carrier of one leg away by a machine that is no end of it, and gives it back. */
export interface Elsewhere {
  /** Guard and journal come before the command. Throws where the machine does not say that its port is shut. */
  cut(): Promise<void>;
  /** Undoes it, or does nothing. `seen` is awaited before the journal says that it is undone. */
  mend(seen: () => Promise<unknown>): Promise<void>;
}

/** One change at a time, on a machine that we are logged in to. */
export function cutElsewhere(
  connection: SshConnection,
  way: UnplugWay,
  name: string,
  { lease, journal, run: by }: LabRecords,
): Elsewhere {
  const { machine } = way;
  const asRoot = connection.machine.user === 'root' || connection.machine.sudo;
  let guard: Guard | null = null;
  let entry: string | null = null;
  let timer: NodeJS.Timeout | undefined;

  const command = async (argv: readonly string[]): Promise<string> => {
    await lease.step();
    const { code, stdout, stderr } = await run(connection, { argv, asRoot }, SSH_TIMING.command);
    if (code !== 0)
      throw new SshError(machine, `"${shellCommand(argv)}" fails: ${(stderr || stdout).trim() || `code ${code}`}`);
    return stdout;
  };

  return {
    async cut() {
      // Its state must be readable, and open, before anything is changed.
      const before = await command(way.show);
      if (before.includes(way.shutSays)) throw new SshError(machine, `${way.port} is shut already: ${before.trim()}`);
      guard = await armGuard(connection, {
        undo: [{ argv: way.open }],
        witness: openWitness(way),
        seconds: FAR.guardSeconds,
        asRoot,
      });
      const armed = guard;
      timer = setInterval(() => {
        if (lease.current()) armed.renew().catch(() => clearInterval(timer));
      }, FAR.renewal);
      entry = journal.begin({ run: by, machine, what: name, undo: [[...way.open]], guard: guard.folder });
      await command(way.shut);
      const after = await command(way.show);
      if (!after.includes(way.shutSays))
        throw new SshError(machine, `it was told to shut ${way.port}, and says: ${after.trim()}`);
    },
    async mend(seen) {
      clearInterval(timer);
      if (guard === null) return;
      // Without a lease nothing is touched: the guard opens the port by itself.
      await lease.step();
      await guard.disarm();
      await seen();
      if (entry !== null) journal.end(entry, 'undone');
      guard = null;
      entry = null;
    },
  };
}
