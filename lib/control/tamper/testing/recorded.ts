import { join } from 'node:path';
import { unpackArchive } from '../../../evidence/testing/golden.js';
import { PACKAGE_ROOT } from '../../../packageRoot.js';

/** A tar of one experiment's evidence for each tamper, in a folder named after it; made by `packRecorded.ts`. */
export const RECORDED = join(PACKAGE_ROOT, 'lib/control/tamper/testing/recorded.tar.br');

/**
 * Files of an experiment that are kept: all that the judge reads, and what became of the scenario's own expectations.
 */
export const KEPT = /^(evidence|probes|neighbors|traffic|outcome)\.json$|\.pcap$/;

/** Unpacks it into a new folder below `parent` and returns that folder. */
export function unpackRecorded(parent: string): string {
  return unpackArchive(RECORDED, parent);
}
