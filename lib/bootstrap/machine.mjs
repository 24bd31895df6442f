import { searchPath } from './searchPath.mjs';
import { POLICY_FILE } from './serviceGuard.mjs';

/**
 * What set-up needs to know of the machine. Gathered in one place, so that tests can describe another machine.
 * @typedef {object} Machine
 * @property {number} uid 0 is root
 * @property {readonly string[]} folders where tools are looked for
 * @property {string} policyFile Debian's switch against starting services
 * @property {string} tunDevice
 * @property {string} sysctlFolder
 */

/** @returns {Machine} */
export function thisMachine() {
  return {
    uid: process.getuid?.() ?? -1,
    folders: searchPath(process.env['PATH']),
    policyFile: POLICY_FILE,
    tunDevice: '/dev/net/tun',
    sysctlFolder: '/proc/sys',
  };
}

/**
 * The environment for programs that we start: the same, with a PATH that includes the system's tools.
 * @param {Machine} machine
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentFor(machine) {
  return { ...process.env, PATH: machine.folders.join(':') };
}
