import { KINDS } from '../../wire/kinds.js';
import type { Claim, ClaimContext, Sender } from './claim.js';
import type { Finding } from '../types.js';
import { duration, listed, plural, some } from './phrasing.js';
import { copiesIn } from '../read/sightingBits.js';

/**
 * "leaf-b never saw 12 of 12 ARP replies from vm1 (MAC 02:00:00:00:01:0b), sent 10 ms to 60 ms after the captures
 * opened; leaf-a saw each once."
 */
export function claimSentence(claim: Claim, context: ClaimContext): string {
  const leaf = context.leaves[claim.leaf] ?? '';
  const kind = KINDS[claim.kind]?.id;
  const what = `${claim.count} of ${claim.of} ${kind === undefined ? 'frames' : plural(kind, claim.form)} from ${senderText(context.senders[claim.sender])}`;
  switch (claim.signature) {
    case 'missing':
      return `${leaf} never saw ${what}${sentAt(claim, context)}${others(claim, context)}.`;
    case 'duplicate':
      return `${leaf} saw ${what} more than once (${copiesText(claim, claim.leaf)})${others(claim, context)}.`;
    case 'identity':
      return `${what} came to ${leaf} altered.`;
    case 'late':
      return `${what} came to ${leaf} later than ${duration(context.lateNs)} after they were sent.`;
    case 'skew':
      return `The copies of ${what} lay further apart than the profile allows (${duration(context.maxSkewNs ?? 0)}).`;
    case 'data-replicated':
      return `${what} ${KINDS[claim.kind]?.expected === 'own-port' ? 'belong to their own port' : 'must be sent once'} and were copied: ${everyLeaf(claim, context)}.`;
    case 'data-lost':
      return `${what} must arrive once and never came to any leaf.`;
    case 'reflection':
      return `${what} came back out of the host and reached ${leaf}: ${context.senders[claim.sender]?.mac === null ? 'frames of one leaf may never reach a leaf again' : 'it now has the MAC of another host behind its port to this one'}.`;
    case 'copy-to-dead-leg':
      return `${leaf} saw ${what} although its leg was down.`;
    case 'storm':
      return `${leaf} saw ${what} in a storm: ${copiesText(claim, claim.leaf)}.`;
    default:
      return `${leaf}: ${claim.signature}, ${what}.`;
  }
}

/** ", sent 10 ms to 60 ms after the captures opened" */
function sentAt(claim: Claim, { sentNs }: ClaimContext): string {
  if (sentNs === undefined) return '';
  const times = claim.patterns.flatMap(({ pattern }) => pattern.probes.map(sentNs)).sort((a, b) => a - b);
  const [first = 0, last = first] = [times[0], times.at(-1)];
  const [from, to] = [duration(first), duration(last)];
  return `, sent ${from === to ? from : `${from} to ${to}`} after the captures opened`;
}

export function senderText(sender: Sender | undefined): string {
  if (sender === undefined) return 'an unknown sender';
  return sender.mac === null || sender.mac === sender.name ? sender.name : `${sender.name} (MAC ${sender.mac})`;
}

/** What the other certified leaves saw of the same frames. */
function others(claim: Claim, context: ClaimContext): string {
  const texts = new Map<string, string[]>();
  context.leaves.forEach((name, leaf) => {
    if (leaf === claim.leaf) return;
    let once = 0;
    let none = 0;
    let more = 0;
    let known = 0;
    for (const { pattern, settled } of claim.patterns) {
      const outcome = settled.outcomes[leaf];
      if (outcome === 'unknown' || outcome === 'in-band' || outcome === 'not-expected') continue;
      known += pattern.weight;
      const copies = copiesIn(pattern.words[leaf] ?? 0);
      if (copies === 1) once += pattern.weight;
      else if (copies === 0) none += pattern.weight;
      else more += pattern.weight;
    }
    if (known === 0) return;
    const text =
      once === known
        ? 'saw each once'
        : none === known
          ? 'saw none either'
          : more === known
            ? 'saw each more than once'
            : `saw ${once} of them once`;
    texts.set(text, [...(texts.get(text) ?? []), name]);
  });
  return [...texts].map(([text, names]) => `; ${listed(names)} ${text}`).join('');
}

/** "2 copies each", "2 to 5 copies" */
function copiesText(claim: Claim, leaf: number): string {
  const counts = claim.patterns.map(({ pattern }) => copiesIn(pattern.words[leaf] ?? 0));
  const least = Math.min(...counts);
  const most = Math.max(...counts);
  const mostText = most >= 7 ? '7 or more' : String(most);
  if (least === most) return `${mostText} copies each`;
  return `${least} to ${mostText} copies`;
}

/** "leaf-a saw 20 copies and leaf-b saw 20" */
function everyLeaf(claim: Claim, context: ClaimContext): string {
  const parts = context.leaves.flatMap((name, leaf) => {
    let copies = 0;
    for (const { pattern, settled } of claim.patterns)
      if (settled.outcomes[leaf] !== 'unknown') copies += copiesIn(pattern.words[leaf] ?? 0) * pattern.weight;
    return copies === 0 ? [] : [`${name} saw ${some(copies, 'copy').replace('copys', 'copies')}`];
  });
  return listed(parts);
}

/** The most reasons that a person is shown; all findings are in the JSON. */
const REASONS_SHOWN = 12;
/** From this many kinds on, one sentence covers all of them. */
const KINDS_APART = 3;

/**
 * The findings that decide, as briefly as possible: many kinds of one sender with the same problem on the same leaf
 * become one sentence. Findings without a sender stay separate: they have nothing in common.
 */
export function reasonsOf(findings: readonly Finding[]): string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.verdict === 'note') continue;
    const key = `${finding.verdict} ${finding.signature} ${finding.leaf ?? ''} ${finding.sender ?? ''} ${finding.kind === undefined || finding.sender === undefined ? finding.sentence : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const reasons = [...groups.values()].flatMap((group) => {
    const sender = group[0]?.sender;
    return group.length < KINDS_APART || sender === undefined
      ? [...new Set(group.map((finding) => finding.sentence))]
      : [together(group, sender)];
  });
  if (reasons.length <= REASONS_SHOWN) return reasons;
  return [...reasons.slice(0, REASONS_SHOWN), `And ${reasons.length - REASONS_SHOWN} more reasons like these.`];
}

const ROUGHLY: Readonly<Partial<Record<Finding['signature'], string>>> = {
  missing: 'never saw',
  'missing-inbound': 'never received',
  'missing-on-host': 'never received',
  duplicate: 'saw more than once',
  invented: 'heard, though nobody sent them,',
  identity: 'saw altered copies of',
  late: 'saw too late',
  reflection: 'saw frames of a leaf come back,',
  'copy-to-dead-leg': 'saw over its dead leg',
  storm: 'saw in a storm',
};

/** Phrases about senders, not leaves. */
const IN_BEHIND_THE_HOST: readonly Finding['signature'][] = ['missing-inbound', 'missing-on-host'];

/** "leaf-b never saw 96 of 120 frames of 8 kinds from vm1; for instance 12 of 12 ARP replies, 12 of 12 ARP probes." */
function together(group: readonly Finding[], sender: string): string {
  const [first] = group;
  if (first === undefined) return '';
  const count = group.reduce((sum, finding) => sum + finding.count, 0);
  const of = group.reduce((sum, finding) => sum + (finding.of ?? finding.count), 0);
  const kinds = new Set(group.map((finding) => finding.kind));
  const worst = group.reduce((most, finding) => (finding.count > most.count ? finding : most));
  const subject = first.leaf ?? (IN_BEHIND_THE_HOST.includes(first.signature) ? 'Host and VMs' : 'The leaves together');
  const verb =
    ROUGHLY[first.signature] ??
    (first.signature === 'data-replicated' ? 'saw copies of what must be sent once:' : `(${first.signature})`);
  return `${subject} ${verb} ${count} of ${of} frames of ${some(kinds.size, 'kind')} from ${sender}. For instance: ${worst.sentence}`;
}
