import type { AuditFact } from '../../evidence/types.js';
import type { Finding } from '../types.js';

/**
 * P15: a wrong fact means that the tested configuration is not the intended one: no statement about the replicator, so
 * blocked. Frames that fail still fail.
 */
export function auditFindings(audit: readonly AuditFact[]): Finding[] {
  return audit
    .filter((fact) => !fact.ok)
    .map((fact) => ({
      property: 'P15',
      signature: 'audit',
      verdict: 'blocked',
      count: 1,
      probes: [],
      sentence: `The configuration under test is not what it should be: ${fact.name} is ${fact.value} (${fact.command}).`,
    }));
}
