import type { EvidenceManifest } from '../evidence/types.js';
import type { Sender } from './claims.js';
import type { Conclusion } from './conclude.js';
import type { LeafWatch } from './leafWatch.js';
import { macNumber, macText } from './macs.js';
import { partnerFindings } from './partners.js';
import { senderText } from './sentences.js';
import { tableMoves } from './tableMoves.js';
import type { Finding, Judgement } from './types.js';
import { some } from './words.js';

/** Findings that only a lab's evidence can give: P5 by MAC, P6, P15, and frames that nobody asked for. */
export function labFindings(manifest: EvidenceManifest, watches: readonly (LeafWatch | null)[], valid: readonly boolean[], leaves: readonly string[], senders: readonly Sender[]): { readonly findings: readonly Finding[]; readonly reflected: number } {
  const findings: Finding[] = [...tableMoves(manifest), ...partnerFindings(manifest), ...auditFindings(manifest)];
  let reflected = 0;
  watches.forEach((watch, at) => {
    const leaf = leaves[at] ?? '';
    if (watch === null) return;
    for (const [mac, count] of [...watch.reflected].sort(([a], [b]) => a - b)) {
      if (valid[at] !== true) continue;
      reflected += count;
      findings.push({
        property: 'P5', signature: 'reflection', verdict: 'fail', leaf, count, probes: [],
        sentence: `${leaf} received ${some(count, 'frame')} with the MAC ${macText(mac)} of a leaf itself: what a leaf sends may never reach a leaf again.`,
      });
    }
    for (const [mac, count] of [...watch.unasked].sort(([a], [b]) => a - b)) {
      const sender = senders.find((candidate) => candidate.mac !== null && macNumber(candidate.mac) === mac);
      findings.push({
        property: 'P1', signature: 'unasked', verdict: 'note', leaf, ...(sender === undefined ? {} : { sender: sender.name }), count, probes: [],
        sentence: `${leaf} also saw ${some(count, 'neighbor frame')} with the MAC of ${senderText(sender)} that no probe accounts for.`,
      });
    }
  });
  return { findings, reflected };
}

/** P15: a wrong fact means that what was tested is not what was meant to be: no statement about the replicator, so blocked. Frames that fail still fail. */
function auditFindings(manifest: EvidenceManifest): Finding[] {
  return manifest.audit.filter((fact) => !fact.ok).map((fact) => ({
    property: 'P15', signature: 'audit', verdict: 'blocked', count: 1, probes: [],
    sentence: `The configuration under test is not what it should be: ${fact.name} is ${fact.value} (${fact.command}).`,
  }));
}

/** Something broke before the subject could be tested: what frames did is kept, but decides nothing. */
export function blockedJudgement(why: string, conclusion: Conclusion): Pick<Judgement, 'verdict' | 'reasons' | 'findings'> {
  const finding: Finding = { property: 'validity', signature: 'blocked', verdict: 'blocked', count: 1, probes: [], sentence: `Nothing could be tested: ${why}` };
  return { verdict: 'blocked', reasons: [finding.sentence], findings: [finding, ...conclusion.findings] };
}
