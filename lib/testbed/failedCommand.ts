import { commandShown } from '../shellQuote.js';
import { TestbedError } from './error.js';
import type { CommandResult } from './node.js';

/** The error of a failed command: what was run, where, and what it printed. */
export function failedCommand(node: string, argv: readonly string[], result: CommandResult): TestbedError {
  const how = result.signal === null ? `code ${String(result.code)}` : result.signal;
  return new TestbedError(
    `on ${node}: ${commandShown(argv)} ended with ${how}: ${(result.stderr || result.stdout).trim()}`,
  );
}
