import { findTool, searchPath } from '../../bootstrap/searchPath.mjs';
import { listParts } from '../parts.js';

/** What a machine with neither kernel nor root of a guest spends on them: measured by `npm run bench -- vm`. */
const COST =
  'an image takes some 230 s of CPU and 300 MB of the Debian mirror, once; then each such test a minute or more';

/** A person asked for the tests with guests, whatever they take. */
export const ARE_ASKED = process.env['EVERYLEAF_VM'] === '1';

/** What is said of tests with guests that are left out. */
export function notTested(what: string): string {
  return `NOT TESTED: ${what}. "EVERYLEAF_VM=1 npm test" tests it, with all guests: ${COST}`;
}

/** Why not even a quick test with a guest can be made here; null where an image is there. */
export function lackForSmoke(): string | null {
  if (ARE_ASKED) return null;
  const qemu = findTool('qemu-system-x86_64', searchPath(process.env['PATH']));
  if (qemu === null) return 'there is no QEMU here ("apt-get install qemu-system-x86")';
  const kinds = listParts().map(({ kind }) => kind);
  // The two that take long, and change with the mirror alone.
  return kinds.includes('kernel') && kinds.includes('root') ? null : 'no image is built here ("everyleaf vm build")';
}
