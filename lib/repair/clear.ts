import { SshError } from '../ssh/error.js';
import { endGuards, removeGuards } from './guards.js';
import { openJournal, putJournalAside, readJournal } from './journal.js';
import type { RepairOptions } from './repair.js';
import { watchedOf } from './watched.js';
import { clearWellness } from './wellness.js';

/**
 * A person has looked at the machines and has put right what `repair` could not: closes what is open, and forgets what
 * differed. Guards that still live undo; what dead ones left is removed. Returns what could not be done, in sentences.
 */
export async function clearByHand({ binding, folder, lease, connectTo }: RepairOptions): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { machine } of watchedOf(binding)) {
    await lease.step();
    try {
      await using connection = await connectTo(machine);
      const asRoot = connection.machine.user === 'root' || connection.machine.sudo;
      const guards = await endGuards(connection, asRoot);
      const dead = guards.filter(({ is }) => is === 'dead' || is === 'failed');
      await removeGuards(
        connection,
        dead.map((guard) => guard.folder),
        asRoot,
      );
      for (const guard of guards)
        if (guard.is === 'busy') left.push(`${machine}: ${guard.folder} has not ended in time`);
    } catch (error) {
      if (!(error instanceof SshError)) throw error;
      left.push(error.message);
    }
  }
  const { open, damaged } = readJournal(folder);
  using journal = openJournal(folder);
  for (const { begin } of open) journal.end(begin, 'by hand');
  if (damaged.length > 0) putJournalAside(folder);
  clearWellness(folder);
  return left;
}
