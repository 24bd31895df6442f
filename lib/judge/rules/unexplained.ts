import type { EvidenceManifest } from '../../evidence/types.js';
import { formOf } from '../../profile/duty.js';
import { kindCode } from '../../wire/classify.js';
import type { Classification } from '../../wire/classify.js';
import { KINDS, type KindId } from '../../wire/kinds.js';
import type { AnnouncesOwn } from './announced.js';
import type { Sender } from '../tell/claim.js';
import { macNumber, macText } from '../read/macs.js';
import type { SenderWatch } from '../read/senderWatch.js';
import { senderText } from '../tell/sentences.js';
import type { Certificate, Finding } from '../types.js';
import { plural, some } from '../tell/phrasing.js';

/** Frames of one MAC, kind and form on one leaf that are copies of no frame that is known to have been sent. */
export interface UnexplainedFrames {
  readonly mac: number;
  /** Index in KINDS. */
  readonly kind: number;
  readonly tags: number;
  readonly isNeighbor: boolean;
  /**
   * For announcements: whether they carry their sender's own address and MAC, in one of its networks; null = it
   * announces nothing.
   */
  readonly announces: 'own' | 'foreign' | null;
  count: number;
  /** How many of these came after each change by the lab and before the next: by the index of the change. */
  readonly after: Map<number, number>;
}

/**
 * What a kernel sends by itself when a link comes up, and what switches send for themselves or on behalf of a VM: Open
 * vSwitch announces moved MACs by RARP.
 */
const BY_THEMSELVES: readonly KindId[] = ['mld-report', 'rarp', 'lacpdu', 'lldp', 'canary'];
const spontaneous = new Set(BY_THEMSELVES.map(kindCode));

/**
 * After a fault or a repair, the manager of the legs may announce the senders' own addresses for them, so that leaves
 * learn them again.
 */
const ANNOUNCEMENTS: readonly KindId[] = ['garp-request', 'garp-reply', 'arp-announcement', 'na-unsolicited'];
const announcements = new Set(ANNOUNCEMENTS.map(kindCode));

/**
 * This many announcements of one kind and form may follow one change, per sender and leaf. A Linux bond announces each
 * address once (num_grat_arp, num_unsol_na), keepalived by default twice five times, which is the usual maximum; a
 * sender has few addresses in one network.
 */
export const ANNOUNCEMENTS_PER_CHANGE = 10;

/** What such frames are grouped by. */
export interface UnexplainedContext {
  /** When each change by the lab began, in order; on the clock of the leaves. */
  readonly changes: readonly number[];
  readonly announcesOwn: AnnouncesOwn;
}

/**
 * Adds a frame that matches no probe. @param found the classification of `bytes`
 * @param ns when a leaf saw it
 */
export function addUnexplained(
  groups: Map<string, UnexplainedFrames>,
  mac: number,
  bytes: Uint8Array,
  { kind, tagCount, isNeighbor }: Classification,
  ns: number,
  { changes, announcesOwn }: UnexplainedContext,
): void {
  if (spontaneous.has(kind)) return;
  const announces = !announcements.has(kind) ? null : announcesOwn(bytes) ? 'own' : 'foreign';
  const key = `${mac} ${kind} ${tagCount} ${announces ?? ''}`;
  const group = groups.get(key) ?? {
    mac,
    kind,
    tags: tagCount,
    isNeighbor,
    announces,
    count: 0,
    after: new Map<number, number>(),
  };
  groups.set(key, group);
  group.count++;
  const last = changes.findLastIndex((at) => at <= ns);
  if (last >= 0) group.after.set(last, (group.after.get(last) ?? 0) + 1);
}

/** Every one is an announcement of its sender's own address that may follow a change. */
function isExcused({ announces, count, after }: UnexplainedFrames): boolean {
  if (announces !== 'own') return false;
  const excused = [...after.values()].reduce((sum, some) => sum + Math.min(some, ANNOUNCEMENTS_PER_CHANGE), 0);
  return excused === count;
}

/** How much is known of the frames that were sent with a MAC: all of them, the neighbor frames, or none. */
export type Known = 'all' | 'neighbor' | 'nothing';

/** What is known of a MAC; `sender` is its owner, undefined where no sender has it. */
export type Knowledge = (mac: number, sender: string | undefined) => Known;

/**
 * A kernel sends nothing by itself where the lab did not let it speak and nothing came in that it answers. Where it
 * speaks, its witness has seen every neighbor frame leave. Both hold only if the taps that show it are certified. A
 * kernel only uses the MACs of its interfaces, and every frame of the lab itself has a token: so permission to speak
 * does not excuse a MAC that nothing has. A program on the host may use each of the host's interfaces.
 */
export function knowledgeOf(
  { stacks, hostMacs = [] }: EvidenceManifest,
  senderTaps: readonly Pick<SenderWatch, 'contents' | 'wasAsked'>[],
  certificates: Readonly<Record<string, Certificate>>,
): Knowledge {
  const onHost = new Set(hostMacs.map(macNumber));
  return (mac, sender) => {
    if (stacks === undefined) return 'nothing';
    if (sender === undefined) return onHost.has(mac) ? 'nothing' : 'all';
    const own = senderTaps.filter(
      ({ contents: { tap } }) => tap.node === sender && certificates[tap.name]?.valid === true,
    );
    if (!stacks.includes(sender) && own.some(({ contents: { tap }, wasAsked }) => tap.direction === 'in' && !wasAsked))
      return 'all';
    return own.some(({ contents: { tap } }) => tap.direction === 'out') ? 'neighbor' : 'nothing';
  };
}

/**
 * P1 and, for data, P4: a leaf receives nothing in a sender's name that the sender never sent. A failure where
 * everything sent with its MAC is known, else a note. A few announcements after a change are only a note, too.
 */
export function unexplainedFindings(
  leaf: string,
  groups: Iterable<UnexplainedFrames>,
  senders: readonly Sender[],
  known: Knowledge,
): Finding[] {
  const findings: Finding[] = [];
  const unsure = new Map<string, { readonly mac: number; readonly isNeighbor: boolean; count: number }>();
  const senderOf = (mac: number) =>
    senders.find((candidate) => candidate.mac !== null && macNumber(candidate.mac) === mac);
  for (const group of [...groups].sort((a, b) => a.mac - b.mac || a.kind - b.kind || a.tags - b.tags)) {
    const { mac, kind, tags, isNeighbor, announces, count } = group;
    const sender = senderOf(mac);
    const id = KINDS[kind]?.id ?? 'data-other';
    const what = known(mac, sender?.name);
    if ((what === 'all' || (isNeighbor && what === 'neighbor')) && !isExcused(group)) {
      const who = sender === undefined ? `the MAC ${macText(mac)}, which is no sender's` : senderText(sender);
      const frames =
        count === 1 ? `one frame (of the kind "${plural(id, formOf(tags))}")` : `${count} ${plural(id, formOf(tags))}`;
      findings.push({
        property: isNeighbor ? 'P1' : 'P4',
        signature: 'invented',
        verdict: 'fail',
        leaf,
        kind: id,
        ...(sender === undefined ? {} : { sender: sender.name }),
        count,
        probes: [],
        sentence: `${leaf} heard ${frames} from ${who}${sender === undefined ? ': nobody sent them' : ` that ${sender.name} never sent${announces === 'foreign' ? `; what ${count === 1 ? 'it announces' : 'they announce'} is not ${sender.name}'s there` : ''}`}.`,
      });
    } else {
      const key = `${mac} ${isNeighbor}`;
      const group = unsure.get(key) ?? { mac, isNeighbor, count: 0 };
      unsure.set(key, group);
      group.count += count;
    }
  }
  for (const { mac, isNeighbor, count } of unsure.values()) {
    const sender = senderOf(mac);
    findings.push({
      property: isNeighbor ? 'P1' : 'P4',
      signature: 'unasked',
      verdict: 'note',
      leaf,
      ...(sender === undefined ? {} : { sender: sender.name }),
      count,
      probes: [],
      sentence: `${leaf} also saw ${some(count, isNeighbor ? 'neighbor frame' : 'other frame')} with the MAC ${sender === undefined ? `${macText(mac)}, which is no sender's, and` : `of ${senderText(sender)}`} that no probe accounts for.`,
    });
  }
  return findings;
}

/**
 * What a mirror or a trap shows may be of that place itself: of the switch that mirrors, or of whatever shares the port. A
 * frame of a MAC that no sender has is no proof against the host there, and no pass either.
 *
 * @param place what shows them, for people
 */
export function doubtStrangers(findings: readonly Finding[], place: string): readonly Finding[] {
  return findings.map((finding) =>
    finding.signature !== 'invented' || finding.sender !== undefined
      ? finding
      : {
          ...finding,
          verdict: 'inconclusive',
          sentence: `${finding.sentence} Whether the host sent them is not known: the ${place} may show frames of its own.`,
        },
  );
}
