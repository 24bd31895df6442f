import type { Finding } from '../doctor/types.js';
import { connect } from '../ssh/connect.js';
import { SshError } from '../ssh/error.js';
import { examineFar } from '../ssh/examine.js';
import { addressOf, type SshMachine } from '../ssh/machine.js';
import { parseAddress, resolveMachine, type SshTarget } from '../ssh/resolve.js';
import { UserError } from '../userError.js';
import { doctorText } from './doctorText.js';
import { print, printJson } from './terminal.js';

/** How machines are logged in to that are named on the command line. */
export interface FarOptions {
  readonly knownHosts: readonly string[];
  readonly sudo: boolean;
}

/** What one machine can do. */
interface FarReport {
  readonly machine: string;
  readonly ready: boolean;
  readonly capabilities: readonly Finding[];
}

/** Machines that are named on the command line. Throws UserError for what is no address. */
export function targetOf(text: string, { knownHosts, sudo }: FarOptions): SshTarget {
  const address = parseAddress(text);
  if (address === null)
    throw new UserError(
      `"${text}" is no address of a machine`,
      'write [USER@]HOST[:PORT], for example qa@192.0.2.10:2222',
    );
  return { ...address, name: text, via: null, sudo, keyFiles: [], agent: true, knownHosts, password: null };
}

/** A machine that cannot be logged in to is a finding like others, so that all machines are told of. */
async function examineOne(machine: SshMachine): Promise<readonly Finding[]> {
  try {
    await using connection = await connect(machine);
    return await examineFar(connection);
  } catch (error) {
    if (!(error instanceof SshError)) throw error;
    const command = `ssh -p ${machine.port} ${machine.user}@${machine.host}`;
    const about = { name: 'login', neededFor: 'everything', need: 'required', works: false } as const;
    return [{ ...about, command, said: error.message, hint: error.hint }];
  }
}

/**
 * `everyleaf doctor --ssh` and `--binding`: what other machines can do, found out by doing it there, without a change.
 * @returns whether all of them can do what is required
 */
export async function doctorFar(targets: readonly SshTarget[], isJson: boolean): Promise<boolean> {
  const machines = await Promise.all(targets.map((target) => resolveMachine(target)));
  const reports: FarReport[] = [];
  for (const machine of machines) {
    const capabilities = await examineOne(machine);
    const ready = capabilities.every(({ works, need }) => works || need === 'optional');
    reports.push({ machine: machine.name, ready, capabilities });
    if (!isJson)
      await print(
        `${doctorText(capabilities, addressOf(machine), (broken) =>
          broken.length === 0
            ? `${machine.name} has all that is required.`
            : `${machine.name} lacks what is required: ${broken.join(', ')}.`,
        )}\n`,
      );
  }
  const ready = reports.every((report) => report.ready);
  if (isJson) await printJson({ ready, machines: reports });
  return ready;
}
