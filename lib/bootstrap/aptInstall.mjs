import { environmentFor } from './machine.mjs';
import { installArguments, listPackages, missingPackages } from './packages.mjs';
import { runStep } from './runChild.mjs';
import { say, SetupError } from './say.mjs';
import { findTool } from './searchPath.mjs';
import { holdServices } from './serviceGuard.mjs';

/**
 * Finds every tool that `purpose` needs, installing Debian packages where that is possible.
 * @param {import('./packages.mjs').Purpose} purpose
 * @param {import('./machine.mjs').Machine} machine
 * @throws {SetupError} with the one command that installs them, when we may not or cannot
 */
export async function providePackages(purpose, machine) {
  const missing = missingPackages(purpose, machine.folders);
  if (missing.length === 0) return;

  const names = missing.map((debian) => debian.name).join(' ');
  const apt = findTool('apt-get', machine.folders);
  const list = listPackages(missing);
  if (apt === null) {
    throw new SetupError(
      `these tools are missing, and this machine has no apt-get to install them:\n${list}\n` +
        "  Install them with the package manager of this system (the names above are Debian's) and start again.",
    );
  }
  if (machine.uid !== 0) {
    throw new SetupError(
      `these Debian packages are missing, and only root may install them:\n${list}\n  Run this once, then start again:\n\n` +
        `    sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends ${names}'\n`,
    );
  }

  say(`installing Debian packages (as root, with apt-get):\n${list}`);
  const guard = holdServices(machine.policyFile);
  try {
    // The lists of a machine that is in use are there already and need no network; only where that fails are they
    // fetched.
    if (!(await runApt(apt, installArguments(missing), machine))) {
      say('apt-get could not install them from the lists it has; updating the lists');
      if (!(await runApt(apt, ['update'], machine)) || !(await runApt(apt, installArguments(missing), machine))) {
        throw new SetupError(`apt-get failed; its output is above. What is still needed:\n${list}`);
      }
    }
  } finally {
    guard.release();
  }

  const still = missingPackages(purpose, machine.folders);
  if (still.length > 0) throw new SetupError(`installed, and yet these tools are not found:\n${listPackages(still)}`);
}

/**
 * @param {string} apt
 * @param {readonly string[]} args
 * @param {import('./machine.mjs').Machine} machine
 * @returns {Promise<boolean>} whether it succeeded
 */
async function runApt(apt, args, machine) {
  const env = {
    ...environmentFor(machine),
    DEBIAN_FRONTEND: 'noninteractive',
    APT_LISTCHANGES_FRONTEND: 'none',
    NEEDRESTART_SUSPEND: '1',
  };
  const options = [
    '-q',
    '-o',
    'Dpkg::Use-Pty=0',
    '-o',
    'DPkg::Lock::Timeout=120',
    '-o',
    'Dpkg::Options::=--force-confold',
  ];
  return (await runStep(apt, [...options, ...args], { env })) === 0;
}
