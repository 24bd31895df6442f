import type { Finding } from '../types.js';
import { alikeFindings } from './alike.js';
import { betweenFindings } from './between.js';
import { burstFindings } from './burstFindings.js';
import { captureFindings, problemFindings } from './captureFindings.js';
import type { CaptureOptions, NamedFeed } from './captureOptions.js';
import type { CommonTime } from './commonTime.js';
import { mirrorNotes } from './mirrorProblems.js';
import type { Pairing } from './pairing.js';
import { silentFindings } from './silentHosts.js';
import type { Trust } from './trust.js';

const NO_REFLECTIONS_SOUGHT: Finding = {
  property: 'P5',
  signature: 'reflection',
  verdict: 'note',
  count: 0,
  probes: [],
  sentence:
    'Whether frames of one leaf came back to a leaf was not looked for: captures of received frames show it when --gateway names the leaves.',
};

const SKEW_NOT_JUDGED: Finding = {
  property: 'validity',
  signature: 'skew',
  verdict: 'note',
  count: 0,
  probes: [],
  sentence: 'How far copies came apart was not judged: where clocks are not known, it may be the clocks.',
};

/** Everything that is said of the captures and does not come from the fate of one frame. */
export function foundIn(
  captures: readonly NamedFeed[],
  common: CommonTime,
  pairing: Pairing,
  { problems, onePort, alike, valid }: Trust,
  options: CaptureOptions,
): Finding[] {
  const leaves = captures.map(({ name }) => name);
  const feeds = captures.map(({ feed }) => feed);
  // Where all are of one port, nothing else is known.
  if (onePort.isEverywhere) return [...onePort.findings, ...problemFindings(leaves, problems)];
  const { alignments, corrected, isDoubtful, startNs } = common;
  const { tally, counts, encores, apart, endNs, isHost } = pairing;
  const nameOf = (sender: number): string => pairing.senders[sender]?.name ?? '';
  const spans = feeds.map((feed, leaf) => ({
    fromNs: corrected(leaf, feed.firstNs),
    toNs: corrected(leaf, feed.aliveNs),
  }));
  return [
    ...onePort.findings,
    ...captureFindings({ leaves, feeds, problems, alignments, counts, valid, spans, startNs, endNs }),
    ...betweenFindings(pairing.between, captures),
    ...unsharedFindings(pairing, leaves, valid.every(Boolean) && endNs > startNs),
    ...mirrorNotes(leaves, feeds),
    ...(options.normal === undefined
      ? []
      : alikeFindings(
          alike,
          leaves,
          feeds.map((feed) => feed.end?.fields),
        )),
    ...encores.findings((sender, kind) => tally.delivered(sender, kind), isHost, nameOf),
    ...pairing.retagged.findings(isHost, nameOf),
    ...pairing.doubts.findings(isHost, nameOf),
    ...pairing.disguises.findings(isHost, nameOf, leaves),
    ...pairing.lateData.findings((sender) => tally.sentOnce(sender), isHost, nameOf),
    ...pairing.malformed.findings((sender, kind) => tally.delivered(sender, kind), isHost, nameOf),
    ...burstFindings(counts.bursts, isHost, nameOf),
    ...(isDoubtful && options.profile.maxSkewNs !== undefined ? [SKEW_NOT_JUDGED] : []),
    ...(apart?.findings(leaves, endNs - startNs) ?? []),
    ...unheardFindings(leaves, pairing, options, valid.every(Boolean) && endNs > startNs),
    ...(options.seeksReflections === false ? [NO_REFLECTIONS_SOUGHT] : []),
  ];
}

/** Where nothing is judged, or all of it is doubtful, it says nothing. */
function unsharedFindings({ unshared, isHost }: Pairing, leaves: readonly string[], isJudged: boolean): Finding[] {
  const found = isJudged ? unshared.finding(leaves, isHost) : null;
  return found === null ? [] : [found];
}

/** MACs of those of whom a neighbor frame was judged. */
export function heardIn({ senders, speakers }: Pick<Pairing, 'senders' | 'speakers'>): ReadonlySet<string> {
  return new Set(senders.flatMap(({ mac }, number) => (mac !== null && speakers.has(number) ? [mac] : [])));
}

/** Hosts of which nothing is known. `isJudged`: the captures are sound and have some time in common. */
function unheardFindings(
  leaves: readonly string[],
  { senders, speakers, unjudged }: Pairing,
  options: CaptureOptions,
  isJudged: boolean,
): Finding[] {
  const heard = heardIn({ senders, speakers });
  const passedOver = new Map(
    senders.flatMap(({ mac }, number) =>
      mac !== null && unjudged.senders().has(number) ? [[mac, number] as const] : [],
    ),
  );
  const { asked = [], names } = options;
  const isTold =
    isJudged && !options.isAuto && [...passedOver.keys()].some((mac) => asked.includes(mac) || names.has(mac));
  return [
    ...(isJudged ? silentFindings(options, leaves, heard, passedOver, unjudged) : []),
    ...(heard.size === 0 && passedOver.size > 0 && !isTold
      ? [
          unjudged.finding([...passedOver.values()], options.isAuto ? 'any host' : 'these hosts', {
            leaves,
            profile: options.profile.name,
            verdict: 'inconclusive',
          }),
        ]
      : []),
  ];
}
