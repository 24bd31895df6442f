import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EvidenceError } from '../evidence/error.js';
import { readEvidence } from '../evidence/read.js';
import type { ExperimentDetails, ReportDetails } from './details.js';
import type { RunReport } from '../run/result.js';

/** Reads the evidence of a run from its folder, each experiment once, when the page asks for it. */
export function readReportDetails(runFolder: string, run: RunReport): ReportDetails {
  const known = new Map<string, ExperimentDetails | null>();
  return {
    experiment: (id) => {
      const cached = known.get(id);
      if (cached !== undefined) return cached;
      const details = read(join(runFolder, run.evidence, id));
      known.set(id, details);
      return details;
    },
  };
}

/**
 * null when there is no readable evidence: the verdict did not need it, and the page says that frames are not
 * available.
 */
function read(folder: string): ExperimentDetails | null {
  try {
    const { manifest, probes, neighbors, traffic } = readEvidence(folder);
    const captures: Record<string, Uint8Array> = {};
    for (const tap of manifest.taps) {
      if (tap.role === 'sender') continue;
      try {
        captures[tap.file] = readFileSync(join(folder, tap.file));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) throw error;
      }
    }
    return {
      manifest,
      probes,
      captures,
      ...(neighbors === undefined ? {} : { neighbors }),
      ...(traffic === undefined ? {} : { traffic }),
    };
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}
