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

/** Frames of one MAC, kind and form on one leaf that are copies of nothing that anybody is known to have sent. */
export interface Stray {
  readonly mac: number;
  /** Index in KINDS. */
  readonly kind: number;
  readonly tags: number;
  readonly isNeighbor: boolean;
  /**
   * Of announcements: whether it is their sender's own address and MAC that they tell, in a network of its own; null =
   * it announces nothing.
   */
  readonly announces: 'own' | 'foreign' | null;
  count: number;
  /** Of those, how many came after each change that the lab made and before the next: by the index of the change. */
  readonly after: Map<number, number>;
}

/**
 * What a kernel says by itself when a link comes up, and switches say for themselves or on behalf of a VM: Open vSwitch
 * tells of moved MACs by RARP.
 */
const BY_THEMSELVES: readonly KindId[] = ['mld-report', 'rarp', 'lacpdu', 'lldp', 'canary'];
const spontaneous = new Set(BY_THEMSELVES.map(kindCode));

/**
 * Once something was broken or mended, whoever minds the legs may announce for the senders what is theirs, so that
 * leaves learn anew.
 */
const ANNOUNCEMENTS: readonly KindId[] = ['garp-request', 'garp-reply', 'arp-announcement', 'na-unsolicited'];
const announcements = new Set(ANNOUNCEMENTS.map(kindCode));

/**
 * So many announcements of one kind and form may follow one change, per sender and leaf. A Linux bond says each address
 * once (num_grat_arp, num_unsol_na), keepalived by default twice five times, and that is the most that is usual; a
 * sender has few addresses in one network.
 */
export const ANNOUNCEMENTS_PER_CHANGE = 10;

/** By what strays are told apart. */
export interface StrayContext {
  /** When each change began that the lab made, in order; in the clock of the leaves. */
  readonly changes: readonly number[];
  readonly announcesOwn: AnnouncesOwn;
}

/**
 * Adds a frame to those that are nobody's.
 * @param found what `bytes` are, from their first to their last
 * @param ns when a leaf saw it
 */
export function addStray(
  strays: Map<string, Stray>,
  mac: number,
  bytes: Uint8Array,
  { kind, tagCount, isNeighbor }: Classification,
  ns: number,
  { changes, announcesOwn }: StrayContext,
): void {
  if (spontaneous.has(kind)) return;
  const announces = !announcements.has(kind) ? null : announcesOwn(bytes) ? 'own' : 'foreign';
  const key = `${mac} ${kind} ${tagCount} ${announces ?? ''}`;
  const stray = strays.get(key) ?? {
    mac,
    kind,
    tags: tagCount,
    isNeighbor,
    announces,
    count: 0,
    after: new Map<number, number>(),
  };
  strays.set(key, stray);
  stray.count++;
  const last = changes.findLastIndex((at) => at <= ns);
  if (last >= 0) stray.after.set(last, (stray.after.get(last) ?? 0) + 1);
}

/** Every one is an announcement of its sender's own that may follow a change. */
function isExcused({ announces, count, after }: Stray): boolean {
  if (announces !== 'own') return false;
  const excused = [...after.values()].reduce((sum, some) => sum + Math.min(some, ANNOUNCEMENTS_PER_CHANGE), 0);
  return excused === count;
}

/** How much of what was said with a MAC is known: all of it, the neighbor frames, or nothing. */
export type Known = 'all' | 'neighbor' | 'nothing';

/** What is known of a MAC; `sender` is whose it is, undefined where it is no sender's. */
export type Knowledge = (mac: number, sender: string | undefined) => Known;

/**
 * A kernel says nothing of its own where the lab did not let it speak and nothing came in that it answers; where it
 * speaks, its witness has seen every neighbor frame leave. Both hold only as far as the taps that show it are
 * certified. Whatever a kernel says it says with the MAC of one of its interfaces, and whatever the lab itself sends
 * has a token: who may speak is no excuse for a MAC that nobody bears. A program on the host may use each of the host's
 * interfaces.
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
 * P1 and, of data, P4: a leaf hears nothing in a sender's name that it never sent. A failure where it is known what was
 * said with its MAC, else a note. A few announcements after a change are one, too.
 */
export function strayFindings(
  leaf: string,
  strays: Iterable<Stray>,
  senders: readonly Sender[],
  known: Knowledge,
): Finding[] {
  const findings: Finding[] = [];
  const unsure = new Map<string, { readonly mac: number; readonly isNeighbor: boolean; count: number }>();
  const senderOf = (mac: number) =>
    senders.find((candidate) => candidate.mac !== null && macNumber(candidate.mac) === mac);
  for (const stray of [...strays].sort((a, b) => a.mac - b.mac || a.kind - b.kind || a.tags - b.tags)) {
    const { mac, kind, tags, isNeighbor, announces, count } = stray;
    const sender = senderOf(mac);
    const id = KINDS[kind]?.id ?? 'data-other';
    const what = known(mac, sender?.name);
    if ((what === 'all' || (isNeighbor && what === 'neighbor')) && !isExcused(stray)) {
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
