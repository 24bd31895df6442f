import { setTimeout as wait } from 'node:timers/promises';
import type { MemberState, Plane } from '../dataplane/plane.js';
import { DURATIONS } from '../durations.js';
import type { Nanoseconds, TimelineEvent } from '../evidence/types.js';
import type { Lab } from '../testbed/lab.js';

/** State of one leg as the host's switch sees it, by what is observed. */
type LegStates = Readonly<Record<'member' | 'lacp' | 'partner', string>>;

/** How the timeline shows that there is no partner: the all-zero system ID (IEEE 802.1AX 6.4.6). */
const NO_PARTNER = '00:00:00:00:00:00';

const statesOf = ({ enabled, lacp, partner }: MemberState): LegStates => ({
  member: enabled ? 'enabled' : 'disabled',
  lacp,
  partner: partner ?? NO_PARTNER,
});

/** The normal state, which needs no event. */
const USUAL: Readonly<Partial<Record<keyof LegStates, string>>> = { member: 'enabled', lacp: 'current' };

export interface MemberMonitor extends AsyncDisposable {
  /** Polls now, so that a change that has happened is bracketed before anything else is sent. */
  look(): Promise<void>;
}

/**
 * Watches bond members and LACP partners of the host's switch: it is polled when the plane says that something may have
 * changed, and at a steady pace. An event lies between two polls.
 */
export async function watchMembers(
  lab: Lab,
  plane: Plane,
  onEvent: (event: TimelineEvent) => void,
): Promise<MemberMonitor> {
  const stop = new AbortController();
  let touched: () => void = () => undefined;
  const news = await plane.watch(() => touched());
  let last = new Map<string, LegStates>();
  let lookedNs: Nanoseconds = await lab.now();
  const lookOnce = async () => {
    const fromNs = lookedNs;
    const begun = await lab.now();
    const members = await plane.members().catch(() => null);
    // A switch that is just being restarted does not answer; its event then lies between the polls around that.
    if (members === null) return;
    const states = new Map(members.map((member) => [member.leg, statesOf(member)]));
    const toNs = await lab.now();
    for (const leg of lab.topology.legs) {
      const now = states.get(leg.name);
      const before = last.get(leg.name);
      if (now === undefined) continue;
      for (const what of ['member', 'lacp', 'partner'] as const) {
        if (
          before === undefined
            ? now[what] === USUAL[what] || now[what] === 'off' || now[what] === NO_PARTNER
            : now[what] === before[what]
        )
          continue;
        onEvent({
          type: 'observed',
          what,
          node: plane.node,
          port: leg.hostPort,
          leg: leg.name,
          state: now[what],
          fromNs,
          toNs,
        });
      }
    }
    last = states;
    lookedNs = begun;
  };
  // One poll at a time: each event lies between two polls.
  let before: Promise<void> = Promise.resolve();
  const look = () => (before = before.then(lookOnce, lookOnce));
  await look();
  const looking = (async () => {
    while (!stop.signal.aborted) {
      const change = new Promise<void>((resolve) => (touched = resolve));
      await Promise.race([
        change,
        wait(DURATIONS.memberLook, undefined, { signal: stop.signal }).catch(() => undefined),
      ]);
      await look().catch(() => undefined);
    }
  })();
  return {
    look: () => look().catch(() => undefined),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all([looking, news[Symbol.asyncDispose]()]);
    },
  };
}
