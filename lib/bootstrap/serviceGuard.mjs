import { rmSync, writeFileSync } from 'node:fs';

export const POLICY_FILE = '/usr/sbin/policy-rc.d';

/**
 * Services that the packages of packages.mjs would start. Nothing of ours uses them: the lab runs its own switches and
 * routing daemons in its own namespaces; a system-wide `ovs-vswitchd` would only take memory and create a datapath on
 * the machine, a `zebra` would watch its routes, and an `sshd` would open the machine to others.
 */
const SERVICES = ['openvswitch-switch', 'ovs-vswitchd', 'ovsdb-server', 'ovs-record-hostname', 'frr', 'ssh', 'sshd'];

/**
 * Debian's own way to install without starting: invoke-rc.d and deb-systemd-invoke ask policy-rc.d, and 101 forbids.
 * Only our services are forbidden, so that other services that the same apt run upgrades are restarted as usual. Should
 * we be killed before `release`, the file removes itself the first time it is asked.
 * @param {string} pid
 */
function policyScript(pid) {
  return `#!/bin/sh
# Written while everyleaf (process ${pid}) installs packages; removes itself when that process is gone.
kill -0 ${pid} 2>/dev/null || { rm -f "$0"; exit 0; }
[ "$1" = --quiet ] && shift
case "\${1%.service}" in ${SERVICES.join('|')}) exit 101 ;; esac
exit 0
`;
}

/**
 * Keeps the services from starting until `release` is called. An existing policy is the machine owner's: it stays
 * untouched.
 * @param {string} file
 * @returns {{ readonly release: () => void }}
 */
export function holdServices(file = POLICY_FILE) {
  try {
    writeFileSync(file, policyScript(String(process.pid)), { flag: 'wx', mode: 0o755 });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return { release() {} };
  }
  return {
    release() {
      rmSync(file, { force: true });
    },
  };
}
