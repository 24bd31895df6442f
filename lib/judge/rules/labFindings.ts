import type { EvidenceManifest } from '../../evidence/types.js';
import type { Sender } from '../tell/claim.js';
import type { Conclusion } from '../tell/conclude.js';
import type { LeafWatch } from '../read/leafWatch.js';
import { macText } from '../read/macs.js';
import { partnerFindings } from './partners.js';
import { strayFindings, type Knowledge } from './strays.js';
import { tableMoves } from './tableMoves.js';
import type { Finding, Judgement } from '../types.js';
import { some } from '../tell/phrasing.js';

/** Findings that only a lab's evidence can give: P5 by MAC, P6, P15, and frames that nobody asked for. */
export function labFindings(
  manifest: EvidenceManifest,
  watches: readonly (LeafWatch | null)[],
  valid: readonly boolean[],
  leaves: readonly string[],
  senders: readonly Sender[],
  known: Knowledge,
): { readonly findings: readonly Finding[]; readonly reflected: number } {
  const findings: Finding[] = [...tableMoves(manifest), ...partnerFindings(manifest), ...auditFindings(manifest)];
  let reflected = 0;
  watches.forEach((watch, at) => {
    const leaf = leaves[at] ?? '';
    if (watch === null) return;
    for (const [mac, count] of [...watch.reflected].sort(([a], [b]) => a - b)) {
      if (valid[at] !== true) continue;
      reflected += count;
      findings.push({
        property: 'P5',
        signature: 'reflection',
        verdict: 'fail',
        leaf,
        count,
        probes: [],
        sentence: `${leaf} received ${some(count, 'frame')} with the MAC ${macText(mac)} of a leaf itself: what a leaf sends may never reach a leaf again.`,
      });
    }
    findings.push(...strayFindings(leaf, watch.strays, senders, valid[at] === true ? known : () => 'nothing'));
  });
  return { findings, reflected };
}

/** P15: a wrong fact means that what was tested is not what was meant to be: no statement about the replicator, so blocked. Frames that fail still fail. */
function auditFindings(manifest: EvidenceManifest): Finding[] {
  return manifest.audit
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

/** Something broke before the subject could be tested: what frames did is kept, but decides nothing. */
export function blockedJudgement(
  why: string,
  conclusion: Conclusion,
): Pick<Judgement, 'verdict' | 'reasons' | 'findings'> {
  const finding: Finding = {
    property: 'validity',
    signature: 'blocked',
    verdict: 'blocked',
    count: 1,
    probes: [],
    sentence: `Nothing could be tested: ${why}`,
  };
  return { verdict: 'blocked', reasons: [finding.sentence], findings: [finding, ...conclusion.findings] };
}
