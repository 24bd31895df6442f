import type { ArmedTap } from '../capture/armed.js';
import { DURATIONS } from '../durations.js';
import type { Nanoseconds, Probe, TimelineEvent } from '../evidence/types.js';
import { timeBase } from '../judge/read/clock.js';
import { inOrder, legStateAt } from '../judge/rules/liveness.js';
import { receiversOf } from '../judge/rules/receivers.js';
import { LIVE } from '../judge/read/sightingBits.js';
import { dutyOf, formOf } from '../profile/duty.js';
import type { Profile } from '../profile/types.js';
import type { Topology } from '../topology/model.js';
import { secondSendersOf } from '../topology/secondHost.js';

export interface LateCopiesContext {
  readonly taps: readonly ArmedTap[];
  readonly probes: readonly Probe[];
  readonly timeline: readonly TimelineEvent[];
  readonly profile: Profile;
  readonly topology: Topology;
  readonly movesFlows: boolean;
  readonly edgeBandMs: number;
  readonly openNs: Nanoseconds;
  readonly nowNs: Nanoseconds;
}

/**
 * Keeps the window open for copies that are due and have not come: long enough that a replicator that holds them back
 * is reported as late, not as losing them. Takes no time if every copy has come.
 */
export async function awaitLateCopies({
  taps,
  probes,
  timeline,
  profile,
  topology,
  movesFlows,
  edgeBandMs,
  openNs,
  nowNs,
}: LateCopiesContext): Promise<void> {
  const base = timeBase(openNs);
  const [longest, now] = [DURATIONS.lateCopy * 1e6, base.fromText(nowNs)];
  const events = inOrder(timeline);
  const leaves = new Set(taps.filter((tap) => tap.spec.role === 'leaf').map((tap) => tap.spec.node));
  const second = new Set(secondSendersOf(topology).map(({ node }) => node));
  const receivers = receiversOf(topology);
  const recent = probes
    .map((probe) => ({ probe, sent: base.fromText(probe.sentNs) }))
    .filter(
      ({ probe, sent }) =>
        now - sent < longest &&
        !leaves.has(probe.sender) &&
        !second.has(probe.sender) &&
        receivers.addressed(probe) === null &&
        dutyOf(profile, probe.kind, formOf(probe.wireTags.length)) === 'replicated',
    );
  await Promise.all(
    taps
      .filter((tap) => tap.spec.role === 'leaf')
      .map(async (tap) => {
        const due = recent.filter(
          ({ sent }) =>
            legStateAt(events, tap.spec.leg ?? '', sent, {
              beforeNs: edgeBandMs * 1e6,
              afterNs: edgeBandMs * 1e6,
              base,
              profile,
              host: topology.host.node,
              movesFlows,
            }) === LIVE,
        );
        const newest = Math.max(...due.map(({ sent }) => sent));
        if (due.length > 0)
          await tap.missing(
            due.map(({ probe }) => probe.id),
            (newest + longest - now) / 1e6,
          );
      }),
  );
}
