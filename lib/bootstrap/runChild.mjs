import { spawn } from 'node:child_process';
import { constants } from 'node:os';

import { SetupError } from './say.mjs';
import { findTool } from './searchPath.mjs';

const PASSED_ON = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);

/** stdout is the caller's, for JSON: what set-up runs talks on stderr. */
export const TO_STDERR = /** @type {const} */ (['ignore', 2, 2]);

/**
 * Runs a command that cannot outlive us: signals are passed on, and where setpriv exists the kernel ends it even if we
 * are killed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly cwd?: string, readonly env: NodeJS.ProcessEnv, readonly stdio: 'inherit' | typeof TO_STDERR }}
 * options
 * @returns {Promise<number>} its exit code; 128 + signal number when a signal ended it
 */
export function runChild(command, args, options) {
  const setpriv = findTool('setpriv', (options.env['PATH'] ?? '').split(':'));
  const argv = setpriv === null ? [command, ...args] : [setpriv, '--pdeathsig', 'TERM', command, ...args];
  const stdio = options.stdio === 'inherit' ? options.stdio : [...options.stdio];
  return new Promise((resolve, reject) => {
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      // Ctrl-C reaches the whole terminal group by itself: passing it on would be a second, impatient one.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    // Before the child exists: it may be heard of, and we be told to end, before the next line. The handler itself runs
    // only later.
    for (const signal of PASSED_ON) process.on(signal, passOn);
    const child = spawn(argv[0] ?? command, argv.slice(1), { cwd: options.cwd, env: options.env, stdio });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const passed of PASSED_ON) process.off(passed, passOn);
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
    });
  });
}

/**
 * The same, for a step of set-up: a person who interrupts it wants no second try and no advice.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly cwd?: string, readonly env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>}
 * @throws {SetupError} when a signal ended it, or it could not be started
 */
export async function runStep(command, args, options) {
  const code = await runChild(command, args, { ...options, stdio: TO_STDERR }).catch((/** @type {unknown} */ error) => {
    throw new SetupError(`cannot start ${command}: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (code > 128) throw new SetupError('interrupted', code);
  return code;
}
