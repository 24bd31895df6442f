import type { AuditFact } from '../evidence/types.js';
import { carries, distributes, type BondState } from './bondState.js';
import type { BondMode } from './mode.js';

/** What /proc/net/bonding calls the modes (drivers/net/bonding/bond_main.c, bond_mode_name). */
const CALLED: Readonly<Record<BondMode['mode'], string>> = {
  '802.3ad': 'IEEE 802.3ad Dynamic link aggregation',
  'balance-xor': 'load balancing (xor)',
  'active-backup': 'fault-tolerance (active-backup)',
  'balance-rr': 'load balancing (round-robin)',
  broadcast: 'fault-tolerance (broadcast)',
};

/** P15: the bond is in its mode, with its hash policy; with LACP each leg distributes, at both its ends. */
export function bondFacts(
  state: BondState,
  { mode, policy }: BondMode,
  legs: readonly string[],
  command: string,
): readonly AuditFact[] {
  const fact = (name: string, ok: boolean, value: string): AuditFact => ({ name, ok, value, command });
  return [
    fact('bond mode', state.mode === CALLED[mode], state.mode || 'unread'),
    ...(policy === null ? [] : [fact('hash policy', state.policy.split(' ')[0] === policy, state.policy || 'unread')]),
    ...(mode === '802.3ad' ? [fact('LACP rate', state.rate === 'fast', state.rate || 'unread')] : []),
    ...legs.map((leg) => {
      const port = state.ports.find(({ name }) => name === leg);
      if (port === undefined) return fact(`leg ${leg}`, false, 'it is no port of the bond');
      if (mode !== '802.3ad') return fact(`leg ${leg}`, true, port.isUp ? 'up' : 'without carrier');
      // One that has no carrier is as it should be where a fault took it.
      const isRight = !port.isUp || (carries(state, port) && distributes(port));
      const flags = `state ${port.actor}, of the partner ${port.partner}`;
      return fact(`leg ${leg}`, isRight, port.isUp ? flags : 'without carrier');
    }),
  ];
}
