import type { EvidenceManifest } from '../../evidence/types.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import type { RunReport } from '../../run/result.js';
import type { QualifiedRun } from '../judged.js';
import { SAMPLE_INVENTORY } from './smallRun.js';

/** A run as a bundle holds it, judged by what its replicator is made for. */
export function qualifiedRun(report: RunReport): QualifiedRun {
  return {
    folder: 'runs/1',
    report,
    plan: {} as QualifiedRun['plan'],
    record: { status: 'passed', durationMs: 1, tests: [], errors: [] },
    machines: null,
    inventory: SAMPLE_INVENTORY,
    manifests: Object.fromEntries(report.experiments.map(({ id }) => [id, { profile: ovsGroup } as EvidenceManifest])),
    place: 'netns',
    evidence: 'sha256:1',
  };
}
