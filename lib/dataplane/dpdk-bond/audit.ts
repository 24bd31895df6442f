import type { AuditFact } from '../../evidence/types.js';
import type { BondConfig, LacpLeg } from './bondState.js';
import { carries } from './bondState.js';
import { modeNumber, type Variant } from './traits.js';

/** What `ip -j -d link show type macvlan` says of one (ip-link(8)). */
interface Shown {
  readonly ifname?: string;
  readonly link?: string;
  readonly linkinfo?: { readonly info_data?: { readonly mode?: string } };
}

/** Modes that hash. */
const HASHES: readonly Variant[] = ['802.3ad', 'balance'];

/**
 * P15: the bond is in its mode, has all legs, and with LACP each distributes; and each leg's interface of the application
 * lies on that leg.
 * @param legs in the order in which the application has them @param lacp null without LACP
 * @param macvlans output of `ip -j -d link show type macvlan`
 */
export function bondFacts(
  variant: Variant,
  legs: readonly { readonly hostPort: string; readonly own: string; readonly port: number }[],
  config: BondConfig,
  lacp: readonly LacpLeg[] | null,
  macvlans: string,
): readonly AuditFact[] {
  const bond = `show bonding config ${legs.length + 1}`;
  const fact = (name: string, ok: boolean, value: string, command: string): AuditFact => ({ name, ok, value, command });
  const shown = macvlans.trim() === '' ? [] : (JSON.parse(macvlans) as readonly Shown[]);
  return [
    fact('bond mode', config.mode === modeNumber(variant), `${config.mode ?? 'unread'}`, bond),
    ...(HASHES.includes(variant)
      ? [fact('hash policy', config.policy.endsWith('_LAYER34'), config.policy || 'unread', bond)]
      : []),
    ...legs.map(({ hostPort, own, port }) => {
      const macvlan = shown.find(({ ifname }) => ifname === own);
      const spoken = lacp?.find((leg) => leg.port === port);
      const wrong = [
        ...(config.members.includes(port) ? [] : ['it is no member of the bond']),
        ...(config.active.includes(port) ? [] : ['it is not active']),
        ...(macvlan?.link === hostPort && macvlan.linkinfo?.info_data?.mode === 'passthru'
          ? []
          : [`${own} is no macvlan in passthru mode on it`]),
        ...(lacp === null || (spoken !== undefined && carries(spoken))
          ? []
          : [`its LACP is ${spoken?.actor.join(' ') ?? 'not there'}`]),
      ];
      const value = wrong.length === 0 ? `active${lacp === null ? '' : ', distributing'}` : wrong.join(', ');
      return fact(`leg ${hostPort}`, wrong.length === 0, value, bond);
    }),
  ];
}
