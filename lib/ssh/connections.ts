import { connect, type SshConnection } from './connect.js';
import { resolveMachine, type SshTarget } from './resolve.js';

/** Machines that are logged in to once, when they are first needed, however many parts of a program need them. */
export interface Connections extends AsyncDisposable {
  /** A connection that is shared: disposing of it does nothing. Logs in again where it was lost. Throws SshError. */
  to(machine: string): Promise<SshConnection>;
}

const shared = (connection: SshConnection): SshConnection => ({
  ...connection,
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

/** @param targets by the machine's name */
export function openConnections(targets: ReadonlyMap<string, SshTarget>): Connections {
  const open = new Map<string, Promise<SshConnection>>();
  const opened: SshConnection[] = [];

  async function login(machine: string): Promise<SshConnection> {
    const target = targets.get(machine);
    if (target === undefined) throw new Error(`there is no machine ${machine}`);
    const connection = await connect(await resolveMachine(target));
    opened.push(connection);
    return connection;
  }

  return {
    async to(machine) {
      // Nothing is awaited between not finding one and setting it: who asks at the same time gets the same login.
      for (let known = open.get(machine); known !== undefined;) {
        const before = await known.catch(() => null);
        if (before !== null && before.lost() === null) return shared(before);
        const latest = open.get(machine);
        if (latest === known) break;
        known = latest;
      }
      const now = login(machine);
      open.set(machine, now);
      return shared(await now);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((connection) => connection[Symbol.asyncDispose]()));
    },
  };
}
