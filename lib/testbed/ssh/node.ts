import { addressOf } from '../../ssh/machine.js';
import { patience } from '../../lab/patience.js';
import { shellCommand } from '../../shellQuote.js';
import { LackError, lacking, offer, type Lack, type Offer } from '../capability.js';
import { failedCommand } from '../failedCommand.js';
import type { ExecOptions, Node, Process, Terminal } from '../node.js';
import type { MachineClock } from './clock.js';
import { endOf, startFar, type FarPlace } from './process.js';
import type { FarShells } from './shell.js';
import { FAR, FAR_TIMING } from './timing.js';

/** A person's terminal there, by the OpenSSH client, which asks for the same keys. */
function terminalOf({ machine, enter }: FarPlace): Offer<Terminal> {
  const { host, port, user, identity, knownHosts, via } = machine.connection.machine;
  if (via.length > 0)
    return lacking({
      what: `a terminal on ${machine.name}`,
      command: `ssh -t ${addressOf({ user, host, port })}`,
      output: 'it is behind a jump host: log in to it as you are used to',
    });
  const options = ['StrictHostKeyChecking=yes', `UserKnownHostsFile=${knownHosts.join(' ')}`];
  return offer((argv, env, folder) => [
    'ssh',
    ...['-t', '-p', String(port), '-l', user],
    ...options.flatMap((option) => ['-o', option]),
    ...identity.keyFiles.flatMap((file) => ['-i', file]),
    ...[host, '--'],
    shellCommand([
      ...(user === 'root' ? [] : ['sudo', '-n']),
      ...enter,
      ...['sh', '-c', 'cd -- "$1" 2>/dev/null; shift; exec env "$@"', 'sh', folder],
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
      ...argv,
    ]),
  ]);
}

/** What a lab has to do with what is run on its nodes. */
export interface FarUse {
  /** Awaited before anything is run. Throws where nothing may be touched any more. */
  readonly step: () => Promise<void>;
  readonly onProcess: (process: Process) => void;
}

/** A node that is a network namespace of another machine. */
export function farNode(
  name: string,
  place: FarPlace,
  clock: MachineClock,
  shells: FarShells,
  { step, onProcess }: FarUse,
): Node {
  const { machine, enter, scratch } = place;
  const { slowness } = machine.connection;
  const session = (argv: readonly string[], { env, input, timeoutMs = FAR_TIMING.command }: ExecOptions) =>
    machine.run(
      {
        argv: [...enter, ...argv],
        asRoot: true,
        ...(env === undefined ? {} : { env }),
        ...(input === undefined ? {} : { input }),
      },
      timeoutMs + FAR.reach,
    );
  return {
    name,
    clock,
    scratch,
    slowness,
    async exec(argv, options = {}) {
      const { env = {}, input = null, timeoutMs = FAR_TIMING.command } = options;
      await step();
      const quick = shells.run({ argv, env, input, timeoutMs: patience({ slowness }, timeoutMs) });
      const { code, stdout, stderr } = await (quick ?? session(argv, options));
      const result = { ...endOf(code), stdout, stderr };
      if (code !== 0 && options.mayFail !== true) throw failedCommand(name, argv, result);
      return result;
    },
    async spawn(argv, options = {}) {
      await step();
      const process = await startFar(place, argv, options);
      onProcess(process);
      return process;
    },
    deploy: (program) =>
      Promise.resolve(
        lacking({
          what: `a program of everyleaf on ${machine.name}`,
          command: `ssh ${addressOf(machine.connection.machine)} node ${program}`,
          output: 'everyleaf starts only programs that a machine has, and puts none of its own there',
        }),
      ),
    terminal: terminalOf(place),
    shortcuts: {},
  };
}

/** A node that nobody works on: what is asked of it is lacking. */
export function absentNode(name: string, clock: MachineClock, lack: Lack): Node {
  const refuse = () => Promise.reject(new LackError([lack]));
  return {
    name,
    clock,
    scratch: '/nonexistent',
    exec: refuse,
    spawn: refuse,
    deploy: () => Promise.resolve(lacking(lack)),
    terminal: lacking(lack),
    shortcuts: {},
  };
}
