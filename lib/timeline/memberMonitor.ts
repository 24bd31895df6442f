import { setTimeout as wait } from 'node:timers/promises';
import { readBond } from '../dataplane/ovs-bond/bondState.js';
import { readLacp } from '../dataplane/ovs-bond/lacpState.js';
import type { HostSwitch } from '../dataplane/types.js';
import { DURATIONS } from '../durations.js';
import type { Nanoseconds, TimelineEvent } from '../evidence/types.js';
import type { Lab } from '../testbed/types.js';

/** State of one leg as the host's switch sees it, by what is observed. */
type LegStates = Readonly<Record<'member' | 'lacp' | 'partner', string>>;

const NO_PARTNER = '00:00:00:00:00:00';

async function read(lab: Lab, { ovs }: HostSwitch): Promise<ReadonlyMap<string, LegStates>> {
  const { host, legs } = lab.topology;
  const lacp = host.bond.lacp === 'active';
  const [bondText, lacpText] = await Promise.all([
    ovs.appctl(['bond/show', host.bond.name]),
    lacp ? ovs.appctl(['lacp/show', host.bond.name]) : '',
  ]);
  const members = readBond(bondText).members;
  const partners = readLacp(lacpText);
  return new Map(
    legs.map((leg) => {
      const partner = partners.find((one) => one.port === leg.hostPort);
      return [
        leg.name,
        {
          member: members.find((one) => one.port === leg.hostPort)?.enabled === true ? 'enabled' : 'disabled',
          lacp: partner?.status ?? 'off',
          partner: partner?.partner ?? NO_PARTNER,
        },
      ];
    }),
  );
}

/** What all is well looks like, and so needs no event. */
const USUAL: Readonly<Partial<Record<keyof LegStates, string>>> = { member: 'enabled', lacp: 'current' };

export interface MemberMonitor extends AsyncDisposable {
  /** Looks now, so that a change that has happened is bracketed before anything else is sent. */
  look(): Promise<void>;
}

/**
 * Watches bond members and LACP partners of the host's switch. The database tells at once when a link or LACP changes; what it does
 * not hold (whether a member is enabled, who the partner is) is looked at then, and at a steady pace. An event lies between two looks.
 */
export async function watchMembers(
  lab: Lab,
  host: HostSwitch,
  onEvent: (event: TimelineEvent) => void,
): Promise<MemberMonitor> {
  const { ovs } = host;
  const stop = new AbortController();
  let touched: () => void = () => undefined;
  const monitor = await ovs.node.start(
    [
      'ovsdb-client',
      '-vsyslog:off',
      'monitor',
      ovs.database,
      'Open_vSwitch',
      'Interface',
      'name,link_state,lacp_current',
    ],
    { env: ovs.env, onLine: () => touched() },
  );
  let last = new Map<string, LegStates>();
  let lookedNs: Nanoseconds = await lab.now();
  const lookOnce = async () => {
    const fromNs = lookedNs;
    const begun = await lab.now();
    const states = await read(lab, host).catch(() => null);
    // A switch that is just being restarted says nothing; its state then lies between the looks around that.
    if (states === null) return;
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
          node: ovs.node.name,
          port: leg.hostPort,
          leg: leg.name,
          state: now[what],
          fromNs,
          toNs,
        });
      }
    }
    last = new Map(states);
    lookedNs = begun;
  };
  // One look at a time: each event lies between two looks.
  let before: Promise<void> = Promise.resolve();
  const look = () => (before = before.then(lookOnce, lookOnce));
  await look();
  const looking = (async () => {
    while (!stop.signal.aborted) {
      const news = new Promise<void>((resolve) => (touched = resolve));
      await Promise.race([news, wait(DURATIONS.memberLook, undefined, { signal: stop.signal }).catch(() => undefined)]);
      await look().catch(() => undefined);
    }
  })();
  return {
    look: () => look().catch(() => undefined),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all([looking, monitor.stop('SIGKILL')]);
    },
  };
}
