import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import { watchCarriers } from '../../timeline/carrierMonitor.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT } from '../../replicator/ovs/recipe.js';
import type { OvsMutant } from './types.js';

/**
 * Like a daemon that polls its links slowly, or waits until a link has proved itself, and declares that it needs no
 * time.
 */
export const returnsLate: OvsMutant = {
  name: 'returns-late',
  description: `A leg without carrier gets no copies; it gets them again ${DURATIONS.returnsLate / 1_000} s after its carrier is back.`,
  profile: ovsGroup,
  on: OVS_PLANES,
  mustFind: ['missing'],
  async install({ lab, plane }) {
    /** The time from which each uplink that once lost its carrier gets copies again, on the clock of `performance`. */
    const servedFrom = new Map<string, number>();
    const installed = await reconcile(plane, {
      ...RIGHT,
      buckets: (uplink, index) =>
        performance.now() < (servedFrom.get(uplink.name) ?? 0) ? [] : RIGHT.buckets(uplink, index),
    });
    const stop = new AbortController();
    let failure: string | null = null;
    let underWay: Promise<unknown> = Promise.resolve();
    const fitAt = async (ms: number) => {
      // A timer may be a little early.
      await wait(Math.max(0, ms - performance.now()) + DURATIONS.poll, undefined, { signal: stop.signal });
      await installed.settled();
    };
    const fail = (error: unknown) => {
      if (!stop.signal.aborted) failure = String(error);
    };
    const watches = await watchCarriers(
      lab,
      (event) => {
        if (stop.signal.aborted) return;
        const now = performance.now();
        const isBack = event.state === 'up';
        servedFrom.set(event.port, isBack ? now + DURATIONS.returnsLate : Infinity);
        underWay = Promise.all([underWay, fitAt(isBack ? now + DURATIONS.returnsLate : now).catch(fail)]);
      },
      [plane.ovs.node],
    );
    for (const watch of watches) void watch.ended.then(() => fail('it no longer hears of carrier'));
    return {
      ...installed,
      broken: () => failure ?? installed.broken(),
      async [Symbol.asyncDispose]() {
        stop.abort();
        await Promise.all([underWay, ...watches.map((watch) => watch.stop('SIGKILL'))]);
        await installed[Symbol.asyncDispose]();
      },
    };
  },
};
