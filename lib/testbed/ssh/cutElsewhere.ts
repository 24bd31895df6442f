import { SshError } from '../../ssh/error.js';
import type { SshConnection } from '../../ssh/connect.js';
import { openWitness, type UnplugWay } from '../../repair/unplugWay.js';
import { guarded, type Verb } from './guarded.js';
import type { LabRecords } from './records.js';

/** Takes the carrier of one leg away by a machine, and gives it back. */
export interface Elsewhere {
  /** Guard and journal come before the command. Throws where the machine does not say that its port is shut. */
  cut(): Promise<void>;
  /** Undoes it, or does nothing. `seen` is awaited before the journal says that it is undone. */
  mend(seen: () => Promise<unknown>): Promise<void>;
}

/** A port that is shut. */
export function shutVerb(way: UnplugWay): Verb {
  const { machine, port } = way;
  return {
    machine,
    async before(command) {
      // Its state must be readable, and open, before anything is changed.
      const before = await command(way.show);
      if (before.includes(way.shutSays)) throw new SshError(machine, `${port} is shut already: ${before.trim()}`);
    },
    breaks: { argv: way.shut },
    mends: { argv: way.open },
    journaled: way.open,
    witness: openWitness(way),
    async seen(command) {
      const after = await command(way.show);
      if (!after.includes(way.shutSays))
        throw new SshError(machine, `it was told to shut ${port}, and says: ${after.trim()}`);
    },
  };
}

/** One change at a time, on a machine that we are logged in to. */
export function cutElsewhere(connection: SshConnection, way: UnplugWay, name: string, records: LabRecords): Elsewhere {
  const { make, mend } = guarded(connection, shutVerb(way), name, records);
  return { cut: make, mend };
}
