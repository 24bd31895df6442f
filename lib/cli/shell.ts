import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Command } from '@commander-js/extra-typings';
import { needLabDaemon } from '../console/client.js';
import { UserError } from '../userError.js';
import { EXIT } from './exitCodes.js';

/** Adds `shell NODE [-- COMMAND ...]`: a terminal on a node of the standing lab. */
export function registerShell(program: Command): void {
  program
    .command('shell')
    .description('open a shell on a node of the standing lab, or run a command there')
    .usage('<node> [-- command...]')
    .argument('<node>', 'host, a leaf, or a VM')
    .argument('[command...]', 'what to run instead of a shell; its exit code becomes ours')
    .action(async (node, argv) => {
      process.exitCode = await runOnTerminal(await entryOf(node, argv));
    });
}

async function entryOf(node: string, argv: readonly string[]): Promise<readonly string[]> {
  using daemon = await needLabDaemon();
  return await daemon.call('entry', { node, argv, folder: process.cwd() });
}

/**
 * Runs a command on this terminal. Resolves with its exit code, or 128 + the number of the signal that ended it, as
 * shells say it.
 */
function runOnTerminal([file = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit' });
    // Typed at the terminal, these reach the command by themselves.
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, () => undefined);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', (error) =>
      reject(
        new UserError(
          `cannot run ${file}: ${error.message}`,
          '"everyleaf doctor" tries what a lab needs of this machine',
          EXIT.infrastructure,
        ),
      ),
    );
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
