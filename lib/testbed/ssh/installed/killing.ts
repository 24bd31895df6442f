import type { KillWay } from '../../../repair/killWay.js';
import { saysOther } from '../../../repair/saysOther.js';
import { SshError } from '../../../ssh/error.js';
import type { SshConnection } from '../../../ssh/connect.js';
import { until, unlessNever } from '../../../until.js';
import { LONGEST_CHANGE_MS, type Change } from '../../change.js';
import { guarded, type Verb, type VerbCommand, type VerbMeans } from '../guarded.js';
import type { LabRecords } from '../records.js';

/** A killed process is gone at once; what shows it may ask a service manager, ms. */
const DIES_WITHIN = 5_000;

/** A replicator that is dead. */
export function killVerb({ machine, kill, start, show, deadSays }: KillWay, diesWithin = DIES_WITHIN): Verb {
  const isDead = async (command: VerbCommand) => (await command(show)).includes(deadSays);
  return {
    machine,
    async before(command) {
      if (await isDead(command)) throw new SshError(machine, 'the replicator is dead already');
    },
    breaks: { argv: kill },
    mends: { argv: start },
    journaled: start,
    witness: saysOther(show, deadSays),
    async seen(command) {
      // A signal is sent, not awaited.
      let last = '';
      await until('the replicator to die', diesWithin, async () => {
        last = (await command(show)).trim();
        return last.includes(deadSays) ? true : null;
      }).catch(unlessNever);
      if (!last.includes(deadSays))
        throw new SshError(
          machine,
          `the replicator was killed, and its host says: ${last}`,
          'does something restart it?',
        );
    },
  };
}

/**
 * The installed replicator is killed by the binding's own words, under a guard and a journal, and started again. One
 * that comes back by itself has not been dead for as long as the timeline would say: that is an error, and no verdict.
 */
export function killChange(connection: SshConnection, way: KillWay, records: LabRecords, means?: VerbMeans): Change {
  const { machine, show, deadSays } = way;
  const verb = killVerb(way);
  let ask: VerbCommand | null = null;
  const name = 'the replicator is killed';
  const { make, mend } = guarded(
    connection,
    { ...verb, seen: async (command) => (await verb.seen(command), (ask = command)) },
    name,
    records,
    means,
  );
  const start = async () => {
    const said = ask === null ? deadSays : (await ask(show)).trim();
    ask = null;
    await mend(() => Promise.resolve());
    if (!said.includes(deadSays))
      throw new SshError(machine, `the replicator came back by itself, and its host said: ${said}`);
  };
  return {
    name,
    steps: [{ what: 'the replicator to die', run: make }],
    undo: [{ what: 'the replicator to start', run: start }],
    maxMs: LONGEST_CHANGE_MS,
  };
}
