import { shellCommand } from '../../shellQuote.js';
import type { Lack } from '../capability.js';
import type { CommandResult } from '../node.js';
import type { LossCount, TapSource } from '../port.js';
import { grownBy, lossCountersIn } from './lossCounters.js';

/** A command of the binding that reads counters of lost frames. */
export interface LossCommand {
  /** The name of the machine on which it is run. */
  readonly machine: string;
  readonly argv: readonly string[];
  readonly run: () => Promise<Pick<CommandResult, 'code' | 'stdout' | 'stderr'>>;
}

/** Of one command: its counters, or why it shows none. */
type Reading = ReadonlyMap<string, number> | string;

/** Enough of an error for people. */
const SAID_MAX = 300;

async function read({ run }: LossCommand): Promise<Reading> {
  try {
    const { code, stdout, stderr } = await run();
    if (code !== 0) return (stderr || stdout).trim().slice(0, SAID_MAX) || `code ${String(code)}`;
    return lossCountersIn(stdout);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function compare(before: Reading, after: Reading): number | string {
  if (typeof before === 'string') return before;
  return typeof after === 'string' ? after : grownBy(before, after);
}

/** What several commands counted between two readings; nothing is known where one of them could not be read. */
export function countBetween(
  commands: readonly LossCommand[],
  before: readonly Reading[],
  after: readonly Reading[],
): LossCount {
  let frames = 0;
  for (const [at, { machine, argv }] of commands.entries()) {
    const grown = compare(before[at] ?? '', after[at] ?? '');
    if (typeof grown === 'string') {
      const unread: Lack = {
        what: `the counters of frames that ${machine} lost`,
        command: shellCommand(argv),
        output: grown,
      };
      return { frames: null, unread };
    }
    // Two commands may count the same frames.
    frames = Math.max(frames, grown);
  }
  return { frames, unread: null };
}

/** The same captures, with the counters of losses read before each one begins and after it has ended. */
export function countLosses(tap: TapSource, commands: readonly LossCommand[]): TapSource {
  if (commands.length === 0) return tap;
  const readAll = () => Promise.all(commands.map(read));
  return {
    async open(options) {
      const before = await readAll();
      const live = await tap.open(options);
      return {
        ...live,
        async stop() {
          const counters = await live.stop();
          return { ...counters, lost: countBetween(commands, before, await readAll()) };
        },
      };
    },
  };
}
