import { Command, CommanderError } from '@commander-js/extra-typings';

import { TopologyError } from '../topology/problem.js';
import { UserError } from '../userError.js';
import { EXIT } from './exitCodes.js';
import { everyleafVersion } from './version.js';

const EXIT_CODES_HELP = `
Exit codes: 0 pass, 1 fail, 2 usage or bad topology, 3 inconclusive, 4 nothing ran, 69 something broke, or the
machine lacks something, 130 interrupted.
Messages and progress go to stderr; results, and all of --json, to stdout.`;

/** Where messages go; the process's stderr, unless a test listens. */
interface Messages {
  write(text: string): unknown;
}

/** What loads and registers each command, by its name. */
export type Commands = Readonly<Record<string, () => Promise<(program: Command) => void>>>;

/**
 * One file per command, in the order of the help text. A command's file is loaded when it is typed: most of them load
 * much.
 */
const COMMANDS: Commands = {
  run: async () => (await import('./run.js')).registerRun,
  nightly: async () => (await import('./nightly.js')).registerNightly,
  qualify: async () => (await import('./qualify.js')).registerQualify,
  verify: async () => (await import('./verify.js')).registerVerify,
  judge: async () => (await import('./judge.js')).registerJudge,
  watch: async () => (await import('./watch.js')).registerWatch,
  merge: async () => (await import('./merge.js')).registerMerge,
  init: async () => (await import('./init.js')).registerInit,
  check: async () => (await import('./check.js')).registerCheck,
  binding: async () => (await import('./binding.js')).registerBinding,
  doctor: async () => (await import('./doctor.js')).registerDoctor,
  lease: async () => (await import('./lease.js')).registerLease,
  repair: async () => (await import('./repair.js')).registerRepair,
  up: async () => (await import('./up.js')).registerUp,
  shell: async () => (await import('./shell.js')).registerShell,
  break: async () => (await import('./break.js')).registerBreak,
  down: async () => (await import('./down.js')).registerDown,
  vm: async () => (await import('./vm.js')).registerVm,
  kernels: async () => (await import('./kernels.js')).registerKernels,
};

/** The command line, with nothing run yet: the typed command, or all commands when none is typed. */
export async function buildProgram(typed?: string, commands = COMMANDS): Promise<Command> {
  const program = new Command('everyleaf')
    .description(
      'Proves, frame by frame and leaf by leaf, that every ARP and Neighbor Discovery frame of a multi-homed host reaches every leaf switch, exactly once.',
    )
    .version(everyleafVersion(), '--version', 'print the version')
    .addHelpText('after', EXIT_CODES_HELP)
    // Commands inherit these two: a usage error is thrown, and then printed once, in one form, by `explain`.
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  program.option('--verbose', 'print the stack of an unexpected error');
  const one = typed !== undefined && Object.hasOwn(commands, typed) ? commands[typed] : undefined;
  for (const load of one === undefined ? Object.values(commands) : [one]) (await load())(program);
  return program;
}

/**
 * Runs one command line. An action sets `process.exitCode` when its result is not a pass; what it throws is explained
 * here.
 * @param args without node and script
 * @param commands all of them, unless the caller knows which is typed
 * @returns the exit code
 */
export async function runCommandLine(
  args: readonly string[],
  messages: Messages = process.stderr,
  commands = COMMANDS,
): Promise<number> {
  const { verbose, rest } = takeVerbose(args);
  const program = await buildProgram(rest[0], commands);
  try {
    if (rest.length === 0) {
      program.configureOutput({ writeErr: (text) => messages.write(text) });
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    await program.parseAsync([...rest], { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT.pass;
  } catch (error) {
    return explain(error, program, rest, { verbose, messages });
  }
}

/** `--verbose` is understood anywhere before `--`, also behind a command. */
function takeVerbose(args: readonly string[]): { readonly verbose: boolean; readonly rest: readonly string[] } {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const rest = args.filter((arg, i) => i >= end || arg !== '--verbose');
  return { verbose: rest.length < args.length, rest };
}

/** Says on stderr what went wrong and what to do, and maps it to an exit code. */
function explain(
  error: unknown,
  program: Command,
  args: readonly string[],
  how: { readonly verbose: boolean; readonly messages: Messages },
): number {
  const { verbose, messages } = how;
  const say = (line: string): void => {
    messages.write(`everyleaf: ${line}\n`);
  };
  if (error instanceof CommanderError) {
    // --help and --version are thrown, too, once they have printed.
    if (error.exitCode === 0) return EXIT.pass;
    const command = program.commands.find((known) => known.name() === args.find((arg) => !arg.startsWith('-')));
    say(error.message.replace(/^error: /, '').replaceAll('\n', ' '));
    say(`for what is understood: everyleaf ${command === undefined ? '' : `${command.name()} `}--help`);
    return EXIT.usage;
  }
  if (error instanceof TopologyError) {
    // Each line begins with file:line:column and nothing before it, so that editors and terminals make a link of it.
    messages.write(`${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof UserError) {
    say(error.message);
    if (error.hint !== null) say(error.hint);
    return error.exitCode;
  }
  const unexpected = error instanceof Error ? error : new Error(String(error));
  say(`unexpected: ${verbose ? (unexpected.stack ?? unexpected.message) : unexpected.message}`);
  if (!verbose) say('the same command with --verbose prints where');
  return EXIT.infrastructure;
}
