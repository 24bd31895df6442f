import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { providePackages } from './aptInstall.mjs';
import { provideBuild } from './build.mjs';
import { provideDependencies } from './dependencies.mjs';
import { environmentFor } from './machine.mjs';
import { nodeVersionProblem } from './nodeVersion.mjs';
import { requirePrivileges } from './privileges.mjs';
import { say, SetupError } from './say.mjs';
import { findTool } from './searchPath.mjs';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A checkout installs what it needs into itself, and builds itself. A package that npm has installed comes built, and
 * what it needs is beside it.
 * @param {string} root
 * @returns {boolean}
 */
export function isCheckout(root) {
  return existsSync(join(root, 'tsconfig.json'));
}

/**
 * Cheap checks first, so that a machine that cannot do it says so before anything is installed.
 * @param {import('./packages.mjs').Purpose | 'no-lab'} purpose `no-lab`: a command that touches no namespace and needs
 * no Debian package
 * @param {import('./machine.mjs').Machine} machine
 * @throws {SetupError}
 */
export async function setUp(purpose, machine) {
  if (purpose !== 'no-lab') {
    // Even the tool that tries namespaces may be missing.
    const canTry = findTool('unshare', machine.folders) !== null;
    if (canTry) requirePrivileges(machine);
    await providePackages(purpose, machine);
    if (!canTry) requirePrivileges(machine);
  }
  if (!isCheckout(ROOT)) return;
  const env = environmentFor(machine);
  await provideDependencies(ROOT, env);
  await provideBuild(ROOT, env);
}

/**
 * Runs the program in this process: there is then no child to pass signals to, and none that could be left behind.
 * @param {string} file inside dist
 * @param {readonly string[]} args
 * @param {import('./machine.mjs').Machine} machine
 */
export async function runProgram(file, args, machine) {
  const program = new URL(`../../dist/${file}`, import.meta.url);
  process.env['PATH'] = environmentFor(machine)['PATH'];
  process.argv.splice(1, process.argv.length, fileURLToPath(program), ...args);
  await import(program.href);
}

/**
 * Runs what a command does and turns what set-up throws into a message and an exit code.
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem !== null) {
    say(problem);
    process.exitCode = 69;
    return;
  }
  try {
    await main();
  } catch (error) {
    // Node's own exit code for what nobody caught is 1, and 1 says that a replicator failed.
    const known = error instanceof SetupError;
    say(known ? error.message : `unexpected: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = known ? error.exitCode : 69;
  }
}
