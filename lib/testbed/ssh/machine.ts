import type { ClientChannel } from 'ssh2';
import { connect, type SshConnection } from '../../ssh/connect.js';
import type { SshError } from '../../ssh/error.js';
import type { SshMachine } from '../../ssh/machine.js';
import { run, stream, type FarCommand, type FarProcess, type StreamOptions } from '../../ssh/process.js';
import { shellCommand } from '../../shellQuote.js';
import type { CommandResult } from '../node.js';
import { FAR } from './timing.js';

/** A machine of a binding that we are logged in to, by as many connections as its processes need. */
export interface FarMachine extends AsyncDisposable {
  readonly name: string;
  /** For commands that end soon, guards and the clock. */
  readonly connection: SshConnection;
  run(command: FarCommand, timeoutMs: number): Promise<CommandResult & { readonly code: number }>;
  /** Starts a process that runs for long. */
  start(options: StreamOptions): Promise<FarProcess>;
  /** A channel to a command that ends with its stdin, as root; nothing else ends it. */
  channel(argv: readonly string[]): Promise<ClientChannel>;
  /** Why a connection to it is gone; null while all are there. */
  lost(): SshError | null;
}

/** The path of a user's session may lack what root runs. */
const WITH_SBIN = 'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin exec "$@"';

interface Carrier {
  readonly connection: Promise<SshConnection>;
  carried: number;
}

/** Logs in. Throws SshError. */
export async function openMachine(machine: SshMachine): Promise<FarMachine> {
  return machineOn(await connect(machine));
}

/** A machine that we are logged in to already. The connection is closed with it. */
export function machineOn(main: SshConnection): FarMachine {
  const { machine } = main;
  const carriers: Carrier[] = [];
  const opened: SshConnection[] = [main];

  /** A connection with room for one more long process. */
  async function place(): Promise<{ readonly connection: SshConnection; readonly leave: () => unknown }> {
    let carrier = carriers.find(({ carried }) => carried < FAR.streams);
    if (carrier === undefined) {
      carrier = { connection: connect(machine), carried: 0 };
      carriers.push(carrier);
      carrier.connection.then(
        (connection) => void opened.push(connection),
        () => void carriers.splice(carriers.indexOf(carrier as Carrier), 1),
      );
    }
    const taken = carrier;
    taken.carried++;
    return { connection: await taken.connection, leave: () => (taken.carried -= 1) };
  }

  return {
    name: machine.name,
    connection: main,
    run: (command, timeoutMs) => run(main, command, timeoutMs),
    async start(options) {
      const { connection, leave } = await place();
      const process = await stream(connection, options).catch((error: unknown) => {
        leave();
        throw error;
      });
      void process.ended.then(leave);
      return process;
    },
    async channel(argv) {
      const { connection, leave } = await place();
      const sudo = machine.user === 'root' ? [] : ['sudo', '-n'];
      const channel = await connection.session(`exec ${shellCommand([...sudo, 'sh', '-c', WITH_SBIN, 'sh', ...argv])}`);
      channel.once('close', leave);
      return channel;
    },
    lost: () => opened.map((connection) => connection.lost()).find((error) => error !== null) ?? null,
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((connection) => connection[Symbol.asyncDispose]()));
    },
  };
}
