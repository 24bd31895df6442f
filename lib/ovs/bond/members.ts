import type { MemberState } from '../../dataplane/plane.js';
import type { PlaneTraits } from '../../dataplane/traits.js';
import { DURATIONS } from '../../durations.js';
import { patience } from '../../lab/patience.js';
import type { Topology } from '../../topology/model.js';
import { until } from '../../until.js';
import type { OvsSwitch } from '../switch.js';
import { readBond } from './bondState.js';
import { readLacp } from './lacpState.js';

/** A partner of which nothing is known yet (IEEE 802.1AX 6.4.6). */
const NO_PARTNER = '00:00:00:00:00:00';

/** The bond of a host. */
export interface BondAt {
  readonly ovs: OvsSwitch;
  readonly topology: Topology;
  /** Its name. */
  readonly bond: string;
  readonly traits: PlaneTraits;
}

/** Each leg as the bond and its LACP see it. */
export async function readMembers({ ovs, topology, bond, traits }: BondAt): Promise<readonly MemberState[]> {
  const [bondText, lacpText] = await Promise.all([
    ovs.appctl(['bond/show', bond]),
    traits.lacp ? ovs.appctl(['lacp/show', bond]) : '',
  ]);
  const { members } = readBond(bondText);
  const partners = readLacp(lacpText);
  return topology.legs.map((leg) => {
    const partner = partners.find((one) => one.port === leg.hostPort);
    return {
      leg: leg.name,
      enabled: members.find((one) => one.port === leg.hostPort)?.enabled === true,
      lacp: partner?.status ?? 'off',
      partner: partner === undefined || partner.partner === NO_PARTNER ? null : partner.partner,
    };
  });
}

/** Resolves when the bond uses these legs and no other, with LACP negotiated if it speaks LACP. */
export async function bondConverged(
  { ovs, topology, bond, traits }: BondAt,
  legNames: readonly string[],
  withinMs: number = patience(ovs.node, DURATIONS.lacpNegotiation),
): Promise<void> {
  const wanted = topology.legs.filter((leg) => legNames.includes(leg.name)).map((leg) => leg.hostPort);
  let seen = 'no bond';
  await until(
    `the bond to use ${wanted.join(' and ')}`,
    withinMs,
    async () => {
      const state = readBond(await ovs.appctl(['bond/show', bond]));
      const enabled = new Set(state.members.filter((member) => member.enabled).map((member) => member.port));
      seen =
        state.members.map((member) => `${member.port} ${member.enabled ? 'enabled' : 'disabled'}`).join(', ') +
        `, LACP ${state.lacp}`;
      if (traits.lacp && state.lacp !== 'negotiated') return null;
      return wanted.every((port) => enabled.has(port)) && enabled.size === wanted.length ? true : null;
    },
    () => seen,
    // A wait of minutes must not keep the machine busy with polling.
    withinMs > DURATIONS.lacpSlowPeriod ? DURATIONS.memberLook : DURATIONS.poll,
  );
}

/**
 * Is told of changes of links and LACP by the database, at once. It does not tell whether a member is enabled, or which
 * partner it has.
 */
export async function watchBond({ ovs }: BondAt, onChange: () => void): Promise<AsyncDisposable> {
  const monitor = await ovs.node.spawn(
    [
      'ovsdb-client',
      '-vsyslog:off',
      'monitor',
      ovs.database,
      'Open_vSwitch',
      'Interface',
      'name,link_state,lacp_current',
    ],
    { env: ovs.env, onLine: onChange },
  );
  return {
    async [Symbol.asyncDispose]() {
      await monitor.stop('SIGKILL');
    },
  };
}
