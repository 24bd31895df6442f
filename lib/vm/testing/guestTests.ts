import { findTool, searchPath } from '../../bootstrap/searchPath.mjs';

/** A person asked for the tests with guests, whatever they take, or for none. */
const ASKED = process.env['EVERYLEAF_VM'];
export const ARE_ASKED = ASKED === '1';

/** What is said of tests with guests that are left out, and the command that tests it. */
export function notTested(what: string, command = 'EVERYLEAF_VM=1 npm test', cost = 'with all guests'): string {
  return `NOT TESTED: ${what}. "${command}" tests it, ${cost}: each such test takes a minute or more`;
}

/** Why not even a quick test with a guest can be made here; null where it can. */
export function lackForSmoke(): string | null {
  if (ASKED === '0') return 'EVERYLEAF_VM is 0';
  const qemu = findTool('qemu-system-x86_64', searchPath(process.env['PATH']));
  return qemu === null ? 'there is no QEMU here ("apt-get install qemu-system-x86")' : null;
}

/** Whether a guest could not be made for want of the mirror alone (lib/vm/mirror.ts): nobody is at fault here. */
export function isMirrorAway(said: string): boolean {
  return /is \S+ reachable from here\?/.test(said);
}
