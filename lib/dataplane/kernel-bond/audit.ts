import type { AuditFact } from '../../evidence/types.js';
import { carries, distributes, type BondState } from './bondState.js';

/** P15: the bond is in its mode and spreads flows, and each leg distributes, at both its ends. */
export function bondFacts(state: BondState, legs: readonly string[], command: string): readonly AuditFact[] {
  const fact = (name: string, ok: boolean, value: string): AuditFact => ({ name, ok, value, command });
  return [
    fact('bond mode', /802\.3ad/.test(state.mode), state.mode || 'unread'),
    fact('hash policy', state.policy.startsWith('layer3+4'), state.policy || 'unread'),
    fact('LACP rate', state.rate === 'fast', state.rate || 'unread'),
    ...legs.map((leg) => {
      const port = state.ports.find(({ name }) => name === leg);
      if (port === undefined) return fact(`leg ${leg}`, false, 'it is no port of the bond');
      // One that has no carrier is as it should be where a fault took it.
      const isRight = !port.isUp || (carries(state, port) && distributes(port));
      const flags = `state ${port.actor}, of the partner ${port.partner}`;
      return fact(`leg ${leg}`, isRight, port.isUp ? flags : 'without carrier');
    }),
  ];
}
