import type { EvidenceManifest, Probe } from '../../evidence/types.js';
import { groupBy } from '../../groupBy.js';
import { formOf } from '../../profile/duty.js';
import type { Profile } from '../../profile/types.js';
import { secondSendersOf } from '../../topology/secondHost.js';
import { certificateFindings, NEVER_CAPTURED } from '../read/certificate.js';
import type { CertifiedTaps } from '../read/labTaps.js';
import type { LabRecord } from '../read/labRecord.js';
import type { LeafWatch } from '../read/leafWatch.js';
import { macNumber, macText } from '../read/macs.js';
import type { SenderWatch } from '../read/senderWatch.js';
import { listed, plural, some } from '../tell/phrasing.js';
import { senderText } from '../tell/sentences.js';
import type { Finding } from '../types.js';
import { owedOf } from './owed.js';

/** The group bit in a MAC's first octet (IEEE 802 8.2). */
const GROUP_BIT = 1;

const isForMany = ({ frame }: Probe): boolean => (Number.parseInt(frame.slice(0, 2), 16) & GROUP_BIT) !== 0;

const isCopied = (profile: Profile, { kind, wireTags }: Probe): boolean =>
  owedOf(profile, kind, formOf(wireTags.length)) === 'replicated';

/**
 * How often a frame may come in at a sender of the host. One of the second host that is copied to every leaf comes from each
 * of them: once on each leg on which the host takes such frames in.
 */
export function mayBeHeard({ topology, plane }: EvidenceManifest, profile: Profile): (probe: Probe) => number {
  const others = new Set(secondSendersOf(topology).map(({ node }) => node));
  return (probe) => {
    if (!others.has(probe.sender) || !isCopied(profile, probe)) return 1;
    const { multicast, unicast } = plane.hears;
    return (isForMany(probe) ? multicast : unicast) === 'all' ? topology.legs.length : 1;
  };
}

/** What a leaf saw on its port to the second host. */
interface Port {
  readonly leaf: string;
  readonly watch: LeafWatch;
  /** Copies of each probe, by its index. */
  readonly copies: ReadonlyMap<number, number>;
}

/**
 * The same properties at the second host: each of its neighbor frames on every leaf once and unaltered (P1, P2), and no
 * frame of a leaf or of the first host ever from there (P5). Its legs are not touched in any scenario.
 */
export function secondHostFindings(record: LabRecord, taps: CertifiedTaps, profile: Profile): readonly Finding[] {
  const { manifest, probes, senders } = record;
  const second = manifest.topology.secondHost;
  if (second === undefined) return [];
  const own = new Set(secondSendersOf(manifest.topology).map(({ node }) => node));
  const ports = taps.certified.secondHost.map((watch): Port => {
    const copies = new Map<number, number>();
    for (const { probe } of watch.sightings) copies.set(probe, (copies.get(probe) ?? 0) + 1);
    return { leaf: watch.contents.tap.node, watch, copies };
  });
  const due = probes.flatMap((probe, at) =>
    own.has(probe.sender) && probe.outside !== true && isCopied(profile, probe) ? [{ probe, at }] : [],
  );
  const textOf = (name: string) => senderText(senders.find((sender) => sender.name === name));
  const wrong = ports.flatMap(({ leaf, watch, copies }) => {
    const altered = new Set(
      watch.sightings.flatMap(({ probe, differences }) => (differences.length > 0 ? [probe] : [])),
    );
    return [...groupBy(due, ({ probe: { sender, kind } }) => `${sender} ${kind}`).values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { sender, kind } = first.probe;
      const found = (
        property: Finding['property'],
        signature: Finding['signature'],
        isSo: (at: number) => boolean,
        say: (what: string) => string,
      ): readonly Finding[] => {
        const bad = group.filter(({ at }) => isSo(at));
        if (bad.length === 0) return [];
        return [
          {
            ...{ property, signature, verdict: 'fail' as const, leaf, kind, sender },
            count: bad.length,
            of: group.length,
            probes: bad.map(({ probe: { id } }) => id),
            sentence: say(
              `${bad.length} of ${group.length} ${plural(kind)} from ${textOf(sender)} on ${second.host.node}`,
            ),
          },
        ];
      };
      return [
        ...found(
          'P1',
          'missing',
          (at) => !copies.has(at),
          (what) => `${leaf} never saw ${what}.`,
        ),
        ...found(
          'P1',
          'duplicate',
          (at) => (copies.get(at) ?? 0) > 1,
          (what) => `${leaf} saw ${what} more than once.`,
        ),
        ...found(
          'P2',
          'identity',
          (at) => altered.has(at),
          (what) => `${what} came to ${leaf} altered.`,
        ),
      ];
    });
  });
  const uncaptured = second.legs
    .filter(({ name }) => !taps.secondHost.some(({ contents: { tap } }) => tap.leg === name))
    .flatMap(({ leaf, leafPort }) => certificateFindings(`${leaf} ${leafPort}`, false, [NEVER_CAPTURED]));
  return [
    ...uncaptured,
    ...wrong,
    ...sentBack(record, ports, own, second.host.node),
    ...heardText(record, taps, ports, due),
  ];
}

/** P5: frames of others that came from the second host, by whose they are. */
function sentBack(
  { probes, senders }: LabRecord,
  ports: readonly Port[],
  own: ReadonlySet<string>,
  host: string,
): readonly Finding[] {
  const finding = (
    leaf: string,
    whose: string,
    sender: string | undefined,
    count: number,
    ids: readonly number[],
  ): Finding => ({
    ...{ property: 'P5', signature: 'reflection', verdict: 'fail', leaf },
    ...(sender === undefined ? {} : { sender }),
    count,
    probes: ids,
    sentence: `${leaf} received ${some(count, 'frame')} of ${whose} from ${host}: it has that MAC behind its port to ${host} now.`,
  });
  return ports.flatMap(({ leaf, watch, copies }) => [
    ...[
      ...groupBy(
        [...copies].filter(([at]) => !own.has(probes[at]?.sender ?? '')),
        ([at]) => probes[at]?.sender ?? '',
      ),
    ].map(([name, group]) =>
      finding(
        leaf,
        senderText(senders.find((sender) => sender.name === name)),
        name,
        group.reduce((sum, [, count]) => sum + count, 0),
        group.flatMap(([at]) => probes[at]?.id ?? []).sort((a, b) => a - b),
      ),
    ),
    ...[...watch.reflected]
      .sort(([a], [b]) => a - b)
      .map(([mac, count]) => {
        const sender = senders.find((one) => one.mac !== null && macNumber(one.mac) === mac);
        return finding(leaf, sender === undefined ? macText(mac) : senderText(sender), sender?.name, count, []);
      }),
  ]);
}

/** A note: what was judged there, and how often the first host's senders heard it while all its legs were up. */
function heardText(
  { manifest, timeline, index, base }: LabRecord,
  { certified }: CertifiedTaps,
  ports: readonly Port[],
  due: readonly { readonly probe: Probe; readonly at: number }[],
): readonly Finding[] {
  const { secondHost } = manifest.topology;
  if (due.length === 0 || secondHost === undefined) return [];
  const once = due.filter(({ at }) => ports.every(({ copies }) => copies.get(at) === 1)).length;
  const firstChange = Math.min(
    ...timeline.filter(({ type }) => type === 'leg').map(({ fromNs }) => base.fromText(fromNs)),
  );
  const times = (isChosen: (probe: Probe) => boolean): string => {
    const counts = due
      .filter(({ probe, at }) => isChosen(probe) && (index.sent[at] ?? Infinity) < firstChange)
      .flatMap(({ at }) => heardBy(certified.senders, at));
    if (counts.length === 0) return 'not at all';
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    const often = (count: number) => (count === 1 ? 'once' : `${count} times`);
    return least === most ? often(least) : `${often(least)} to ${often(most)}`;
  };
  return [
    {
      ...{ property: 'P1', signature: 'second-host', verdict: 'note', count: once, of: due.length, probes: [] },
      sentence: `${once} of ${due.length} neighbor frames of ${secondHost.host.node} and its VMs were on ${listed(ports.map(({ leaf }) => leaf))} once each. While every leg was up, a sender of ${manifest.topology.host.node} heard those to many ${times(isForMany)}, and those to itself ${times((probe) => !isForMany(probe))}.`,
    },
  ];
}

/** How often each sender of the host heard a probe, of those that did. */
function heardBy(senders: readonly SenderWatch[], at: number): readonly number[] {
  return senders.flatMap(({ contents, heard }) => (contents.tap.direction === 'in' ? (heard.get(at) ?? []) : []));
}
