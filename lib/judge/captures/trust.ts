import { dutyOf } from '../../profile/duty.js';
import type { Profile } from '../../profile/types.js';
import { KINDS } from '../../wire/kinds.js';
import type { Problem } from '../read/certificate.js';
import type { Vantage } from '../vantage/vantages.js';
import { alikeIn, alikeProblems, type Alike } from './alike.js';
import { captureProblems, clockProblems } from './captureCertificate.js';
import { NOTHING_DECLARED, vantagesOf } from './captureClaims.js';
import type { CaptureOptions, NamedFeed } from './captureOptions.js';
import { stepText, type ClockStep } from './clockSteps.js';
import type { CommonTime } from './commonTime.js';
import type { Feed } from './feed.js';
import { ownVantage } from './ownVantage.js';
import type { Pairing } from './pairing.js';
import { lacpProblems, onePortOf, type OnePort } from './samePort.js';

/** What the word of each capture is worth. */
export interface Trust {
  readonly vantages: readonly Vantage[];
  /** What a place of capture alters in all its frames. */
  readonly alike: Alike;
  readonly onePort: OnePort;
  /** By leaf. */
  readonly problems: readonly (readonly Problem[])[];
  /** Leaves of which something may be claimed. */
  readonly valid: readonly boolean[];
}

export function trustIn(
  captures: readonly NamedFeed[],
  common: CommonTime,
  { samePorts, steps, endNs }: Pick<Pairing, 'samePorts' | 'steps' | 'endNs'>,
  { profile, declared = NOTHING_DECLARED, isTagless = false, isAuto, normal }: CaptureOptions,
): Trust {
  const leaves = captures.map(({ name }) => name);
  const feeds = captures.map(({ feed }) => feed);
  const isAsItStood = (leaf: number): boolean => isUncorrected(feeds, common, leaf, endNs);
  const onePort = onePortOf(
    leaves,
    samePorts.pairs((one, other) => isAsItStood(one) && isAsItStood(other)),
  );
  const vantages = vantagesOf(
    leaves,
    declared.vantages,
    feeds.map((feed) => ownVantage(feed.end)),
  );
  const alike = alikeIn({
    leaves,
    fields: feeds.map((feed) => feed.end?.fields),
    vantages,
    hasTags: !isTagless && feeds.every((feed) => (feed.end?.untold ?? 0) === 0),
    isDutyWithoutTags: isDutyWithoutTags(profile),
  });
  const ofLacp = lacpProblems(captures);
  const problems = captures.map(({ file, feed }, leaf) => [
    ...captureProblems(file, feed, feed.end?.summary.frames ?? 0, isTagless, isAuto),
    ...clockProblems(file, common.alignments[leaf]),
    ...stepProblems(captures, steps, leaf),
    ...(normal === undefined ? alikeProblems(alike, leaf) : []),
    // Said already by the stamps.
    ...(onePort.isOf(leaf) ? [] : (ofLacp[leaf] ?? [])),
  ]);
  return {
    vantages,
    alike,
    onePort,
    problems,
    valid: problems.map((list, leaf) => list.length === 0 && !onePort.isOf(leaf)),
  };
}

/** Of both captures: nothing tells whose clock it was. */
function stepProblems(captures: readonly NamedFeed[], steps: readonly ClockStep[], leaf: number): Problem[] {
  return steps
    .filter(({ one, other }) => one === leaf || other === leaf)
    .map((step) => ({
      signature: 'no-proof-of-life',
      text: stepText(step, captures[step.one]?.file ?? '', captures[step.other]?.file ?? ''),
    }));
}

/** A clock was measured to be right to the nanosecond, or not measured. */
function isUncorrected(
  feeds: readonly Feed[],
  { clocks, reference, startNs }: CommonTime,
  leaf: number,
  endNs: number,
): boolean {
  const { add = 0, rate = 0 } = clocks[leaf] ?? {};
  const asItStands = ((feeds[leaf]?.baseSeconds ?? 0) - (feeds[reference]?.baseSeconds ?? 0)) * 1e9;
  return Math.abs(add - asItStands) < 1 && Math.abs(rate * (endNs - startNs)) < 1;
}

/** What is due does not depend on a single tag. */
function isDutyWithoutTags(profile: Profile): boolean {
  return KINDS.every(({ id }) => dutyOf(profile, id, 'untagged') === dutyOf(profile, id, 'tagged'));
}
