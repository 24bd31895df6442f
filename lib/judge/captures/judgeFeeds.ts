import type { Certificate, ClockEstimate } from '../types.js';
import { captureCertificate } from './captureCertificate.js';
import { captureBackground } from './captureFindings.js';
import type { Claims } from './captureClaims.js';
import { claimsJudged } from './claimFindings.js';
import type { CaptureJudgement, CaptureOptions, NamedFeed } from './captureOptions.js';
import { commonTime, epochNs, type CommonTime } from './commonTime.js';
import { concludedFrom } from './concluded.js';
import { deliveryOf } from './deliveries.js';
import { foundIn, heardIn } from './found.js';
import { claimsIn } from './judgedClaims.js';
import { pairFrames } from './pairing.js';
import { trustIn, type Trust } from './trust.js';
import type { Conclusion } from '../tell/conclude.js';

/** Judges captures that were taken anywhere. Synchronous; blocks where a feed does. */
export function judgeFeeds(captures: readonly NamedFeed[], options: CaptureOptions): CaptureJudgement {
  const { profile } = options;
  const feeds = captures.map((capture) => capture.feed);
  const leaves = captures.map((capture) => capture.name);
  const common = commonTime(feeds, options);
  const { alignments, startNs } = common;
  const pairing = pairFrames(captures, common, options);
  const { tally, counts, endNs, senders, isHost } = pairing;
  const trust = trustIn(captures, common, pairing, options);
  const { valid } = trust;
  const found = foundIn(captures, common, pairing, trust, options);
  const claims = claimsIn(captures, pairing, trust, options, common.isDoubtful);
  const conclusion = concludedFrom({ leaves, profile, pairing, startNs, trust, claims, found });
  const baseNs = epochNs(feeds[common.reference]);
  const text = (ns: number): string => String(baseNs + BigInt(Math.round(ns)));
  const deliveries = tally.examples
    .filter(({ seen }) => isHost(seen.sender))
    .map((example) => deliveryOf(example, leaves, valid, senders, profile, text, claims.excuse));
  return {
    heard: heardIn(pairing),
    copied: pairing.copied,
    baseNs,
    excuse: claims.excuse,
    normal: options.normal === undefined ? trust.alike.normal : null,
    judgedNs: judgedTime(captures, common, endNs),
    alignments,
    baseSeconds: feeds.map((feed) => Math.max(0, feed.baseSeconds)),
    valid,
    summaries: feeds.flatMap((feed) => (feed.end === null ? [] : [feed.end.summary])),
    hosts: senders
      .flatMap(({ name, mac }, sender) => (mac !== null && isHost(sender) ? [{ mac, name }] : []))
      .sort((a, b) => (a.mac < b.mac ? -1 : 1)),
    judgement: {
      verdict: conclusion.verdict,
      profile: profile.name,
      leaves,
      window:
        endNs > startNs && Number.isFinite(startNs) && Number.isFinite(endNs)
          ? { fromNs: text(startNs), toNs: text(endNs) }
          : { fromNs: '0', toNs: '0' },
      totals: conclusion.totals,
      byLeaf: conclusion.byLeaf,
      kinds: conclusion.kinds,
      matrix: conclusion.matrix,
      skew: tally.skews.result(),
      ...(isClaimed(claims, conclusion) ? { claims: claimsJudged(leaves, claims) } : {}),
      clock: clockEstimates(leaves, common),
      certificates: certificates(captures, trust),
      findings: conclusion.findings,
      reasons: conclusion.reasons,
      deliveries: deliveries.filter((delivery) => delivery.verdict !== 'pass'),
      background: captureBackground(leaves, feeds, counts),
    },
  };
}

function judgedTime(
  captures: readonly NamedFeed[],
  { fromNs, edgeNs, ownEpochNs }: CommonTime,
  endNs: number,
): CaptureJudgement['judgedNs'] {
  const toNs = endNs - edgeNs;
  if (!Number.isFinite(fromNs) || !Number.isFinite(toNs) || toNs <= fromNs) return null;
  return {
    from: captures.map((_, leaf) => ownEpochNs(leaf, fromNs)),
    to: captures.map((_, leaf) => ownEpochNs(leaf, toNs)),
  };
}

/** A pass without data says so; else claims are told where somebody, or something, made a difference. */
function isClaimed(claims: Claims, { verdict, totals }: Conclusion): boolean {
  return claims.isSaid || (verdict === 'pass' && totals.dataFrames === 0);
}

/** Of the leaves whose clock was measured. */
function clockEstimates(
  leaves: readonly string[],
  { alignments, reference, aheadNs }: CommonTime,
): Record<string, ClockEstimate> {
  return Object.fromEntries(
    leaves.flatMap((leaf, i): [string, ClockEstimate][] => {
      const alignment = alignments[i];
      if (alignment?.how !== 'measured') return [];
      return [
        [
          leaf,
          {
            offsetNs: String(aheadNs[i] ?? 0n),
            driftPpm: Math.round(alignment.clock.drift() * 1e9) / 1e3,
            errorNs: String(alignment.clock.errorNs()),
            ...(reference === 0 ? {} : { against: leaves[reference] ?? '' }),
          },
        ],
      ];
    }),
  );
}

function certificates(
  captures: readonly NamedFeed[],
  { problems, onePort }: Pick<Trust, 'problems' | 'onePort'>,
): Record<string, Certificate> {
  return Object.fromEntries(
    captures.map(({ name, feed }, i): [string, Certificate] => {
      const ownNs = epochNs(feed);
      return [
        name,
        captureCertificate(feed, problems[i] ?? [], onePort.isOf(i), (ns) => String(ownNs + BigInt(Math.round(ns)))),
      ];
    }),
  );
}
