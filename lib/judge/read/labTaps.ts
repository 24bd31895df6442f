import type { Tap } from '../../evidence/types.js';
import type { Topology } from '../../topology/model.js';
import { secondSendersOf } from '../../topology/secondHost.js';
import { sendersOf } from '../../topology/senders.js';
import { announcesOwnOf } from '../rules/announced.js';
import type { Certificate, Finding } from '../types.js';
import {
  certificateFindings,
  certificateOf,
  NEVER_CAPTURED,
  problemsOf,
  type Problem,
  type ProvenTime,
} from './certificate.js';
import type { Alteration } from '../../wire/altered.js';
import { alteredAlike, type LabRecord } from './labRecord.js';
import { watchLeaf, type LeafWatch, type WatchContext } from './leafWatch.js';
import { macNumber } from './macs.js';
import { watchSender, type SenderWatch } from './senderWatch.js';

/** What each tap of a lab saw. Leaves and legs are in the order of the record's leaves; null where there is no tap. */
export interface LabTaps {
  readonly leaves: readonly (LeafWatch | null)[];
  /** At the host's end: a leaf cannot see frames sent on its dead leg. */
  readonly legs: readonly (LeafWatch | null)[];
  readonly senders: readonly SenderWatch[];
  /** At the leaves' ports to the second host; none where there is no such host. */
  readonly secondHost: readonly LeafWatch[];
}

/** Which taps may be believed. */
export interface CertifiedTaps extends LabTaps {
  readonly valid: readonly boolean[];
  /** The certified ones of `legs`, `senders` and `secondHost`. */
  readonly certified: {
    readonly legs: readonly (LeafWatch | null)[];
    readonly senders: readonly SenderWatch[];
    readonly secondHost: readonly LeafWatch[];
  };
  readonly certificates: Readonly<Record<string, Certificate>>;
  /** For each tap that is not certified. */
  readonly findings: readonly Finding[];
}

export function readTaps(record: LabRecord, capture: (tap: Tap) => Iterable<Uint8Array>): LabTaps {
  const { taps } = record.manifest;
  const context = watchContextOf(record);
  const leafOf = (leg: string): string => record.leaves[record.legs.indexOf(leg)] ?? '';
  const watch = (role: Tap['role'], leg: string): LeafWatch | null => {
    const tap = taps.find((candidate) => candidate.role === role && candidate.leg === leg);
    if (tap === undefined) return null;
    if (role !== 'leaf') return watchLeaf(tap, capture(tap), context);
    const { hostMac } = record.manifest.topology.legs.find(({ name }) => name === leg) ?? { hostMac: '' };
    // The leg's own protocols, such as LACP, have the MAC of its port.
    const voices = new Set([...context.senderMacs, macNumber(hostMac)]);
    return watchLeaf(tap, capture(tap), { ...context, alike: alteredAlike(record, leafOf(leg)), voices });
  };
  return {
    leaves: record.legs.map((leg) => watch('leaf', leg)),
    legs: record.legs.map((leg) => watch('leg', leg)),
    senders: taps.filter(({ role }) => role === 'sender').map((tap) => watchSender(tap, capture(tap), record)),
    secondHost: taps
      .filter(({ role }) => role === 'second-host')
      .map((tap) => watchLeaf(tap, capture(tap), secondHostContext(record, context))),
  };
}

/** Nothing is claimed on a tap without a certificate, neither missing frames nor seen ones. */
export function certifyTaps({ leaves: names, base, manifest, clocks }: LabRecord, taps: LabTaps): CertifiedTaps {
  const time = { closeNs: base.fromText(manifest.window.closeNs), errorNs: clocks.widestNs };
  const certificates: Record<string, Certificate> = {};
  const findings: Finding[] = [];
  const valid = taps.leaves.map((watch, leaf) => {
    const name = names[leaf] ?? '';
    const problems = watch === null ? [NEVER_CAPTURED] : leafProblems(watch, time);
    certificates[name] = certificateOf(watch?.contents ?? null, problems, base);
    findings.push(...certificateFindings(name, true, problems));
    return problems.length === 0;
  });
  const isBelieved = ({ contents, unlisted }: SenderWatch | LeafWatch): boolean => {
    const problems = problemsOf(contents, { firstSighting: null, cut: 0, unlisted }, time);
    const { name } = contents.tap;
    certificates[name] = certificateOf(contents, problems, base);
    findings.push(...certificateFindings(name, false, problems));
    return problems.length === 0;
  };
  const senders = taps.senders.filter(isBelieved);
  const legs = taps.legs.map((watch) => (watch !== null && isBelieved(watch) ? watch : null));
  const secondHost = taps.secondHost.filter(isBelieved);
  return { ...taps, valid, certified: { legs, senders, secondHost }, certificates, findings };
}

function leafProblems({ contents, sightings, cut, unlisted }: LeafWatch, time: ProvenTime): readonly Problem[] {
  return problemsOf(contents, { firstSighting: sightings[0]?.order ?? null, cut, unlisted }, time);
}

const NOTHING_ALIKE: ReadonlySet<Alteration> = new Set();

function watchContextOf({ manifest, probes, index, base, clocks, senders, timeline }: LabRecord): WatchContext {
  const { topology } = manifest;
  return {
    salt: manifest.salt,
    base,
    probes: index,
    wireTags: probes.map((probe) => probe.wireTags),
    alike: NOTHING_ALIKE,
    slackNs: manifest.lateBandNs + clocks.widestNs,
    clockErrorNs: clocks.widestNs,
    senderMacs: new Set(senders.flatMap(({ mac }) => (mac === null ? [] : [macNumber(mac)]))),
    changes: timeline
      .filter(({ type }) => type !== 'observed' && type !== 'mark')
      .map(({ fromNs }) => base.fromText(fromNs) - clocks.widestNs)
      .sort((a, b) => a - b),
    announcesOwn: announcesOwnOf(topology),
    foreignMacs: new Set([...leafMacs(topology), ...macsOf(secondSendersOf(topology))]),
  };
}

/** The same at a leaf's port to the second host: there the first one's senders are foreign. */
function secondHostContext({ manifest: { topology } }: LabRecord, context: WatchContext): WatchContext {
  return { ...context, foreignMacs: new Set([...leafMacs(topology), ...macsOf(sendersOf(topology))]) };
}

const macsOf = (senders: readonly { readonly mac: string }[]): readonly number[] =>
  senders.map(({ mac }) => macNumber(mac));

const leafMacs = ({ leaves, legs, secondHost }: Topology): readonly number[] => [
  ...leaves.map((leaf) => macNumber(leaf.gatewayMac)),
  ...[...legs, ...(secondHost?.legs ?? [])].map((leg) => macNumber(leg.leafMac)),
];
