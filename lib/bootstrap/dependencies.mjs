import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { runStep } from './runChild.mjs';
import { say, SetupError } from './say.mjs';

/**
 * Holds the hash of the package-lock.json that node_modules was installed from; written last, so half an install has
 * none.
 */
const STAMP = 'node_modules/.everyleaf-stamp';
/** npm's own list of what it installed; npm, too, writes it last. */
const INSTALLED = 'node_modules/.package-lock.json';

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {boolean} [optional]
 * @property {boolean} [dev]
 */

/** @param {string} file @returns {Record<string, LockedPackage>} */
function lockedPackages(file) {
  /** @type {unknown} */
  const parsed = JSON.parse(readFileSync(file, 'utf8'));
  const lock = /** @type {{ readonly packages: Record<string, LockedPackage> }} */ (parsed);
  return lock.packages;
}

/** @param {string} root */
function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** @param {string} root @returns {string | null} */
function readStamp(root) {
  try {
    return readFileSync(join(root, STAMP), 'utf8').trim();
  } catch {
    return null;
  }
}

/**
 * Why node_modules cannot be used as it is, in words for a terminal; null when it can.
 * @param {string} root the project's folder
 * @returns {string | null}
 */
export function dependenciesProblem(root) {
  if (!existsSync(join(root, 'node_modules'))) return 'node_modules is not there yet';
  if (!existsSync(join(root, INSTALLED))) return 'node_modules is incomplete: an earlier install was interrupted';

  const wanted = lockedPackages(join(root, 'package-lock.json'));
  const required = Object.entries(wanted).filter(([path, locked]) => path !== '' && locked.optional !== true);
  if (readStamp(root) !== lockHash(root)) {
    // Nothing of ours wrote this node_modules for this lock file. A person's own `npm ci` is as good, when it is the
    // same.
    const installed = lockedPackages(join(root, INSTALLED));
    const differs = required.find(([path, locked]) => installed[path]?.version !== locked.version);
    if (differs !== undefined)
      return `node_modules does not match package-lock.json (${differs[0].replace(/^node_modules\//, '')} differs)`;
  }
  const gone = required.find(([path]) => !existsSync(join(root, path, 'package.json')));
  if (gone !== undefined) return `node_modules is damaged: ${gone[0]} is gone`;
  return null;
}

/**
 * Runs `npm ci` when node_modules is missing, damaged, or of another package-lock.json.
 * @param {string} root the project's folder
 * @param {NodeJS.ProcessEnv} env
 * @throws {SetupError}
 */
export async function provideDependencies(root, env) {
  const problem = dependenciesProblem(root);
  if (problem !== null) {
    say(`${problem}: running npm ci`);
    // Inside `npm start` this is the very npm that runs us; elsewhere, the one on PATH.
    const npm = process.env['npm_execpath'];
    const [command, first] = npm?.endsWith('.js') === true ? [process.execPath, [npm]] : ['npm', []];
    const code = await runStep(command, [...first, 'ci', '--include=dev', '--no-audit', '--no-fund'], {
      cwd: root,
      env: { ...env, ...headersFor(process.execPath) },
    });
    if (code !== 0) {
      throw new SetupError(
        `npm ci failed (exit code ${String(code)}); its output is above.\n` +
          '  It needs a package registry that answers: see npm config get registry.',
      );
    }
    const left = dependenciesProblem(root);
    if (left !== null) throw new SetupError(`npm ci succeeded, and yet ${left}.`);
  }
  stampDependencies(root);
}

/**
 * What tells node-gyp that the headers of this Node lie beside it, where they do: it would fetch them from afar, which
 * closed networks refuse. By this name, because npm warns of settings that are not its own.
 * @param {string} program the running Node
 * @returns {Record<string, string>}
 */
export function headersFor(program) {
  const prefix = dirname(dirname(program));
  return existsSync(join(prefix, 'include/node/node.h')) ? { npm_package_config_node_gyp_nodedir: prefix } : {};
}

/** @param {string} root */
function stampDependencies(root) {
  const hash = lockHash(root);
  if (readStamp(root) === hash) return;
  try {
    writeFileSync(join(root, STAMP), `${hash}\n`);
  } catch {
    // A checkout that belongs to someone else: the next start compares again, which costs milliseconds.
  }
}
