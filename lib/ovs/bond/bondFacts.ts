import type { AuditFact } from '../../evidence/types.js';
import type { BondState } from './bondState.js';

/**
 * P15: the bond is the one that the lab made. With a delay a member would change its state long after its leg did: the
 * don't-care time around that edge would grow with it, and the system under test could widen it. With the fallback, a
 * bond without partners would go on in another mode.
 * @param command what showed the state
 */
export function bondFacts(
  state: BondState,
  wanted: { readonly mode: string; readonly lacp: boolean },
  command: string,
): readonly AuditFact[] {
  const fact = (name: string, ok: boolean, value: string): AuditFact => ({
    name,
    ok,
    value: value === '' ? 'not told' : value,
    command,
  });
  return [
    fact('bond mode', state.mode === wanted.mode, state.mode),
    fact('LACP', (state.lacp === 'negotiated') === wanted.lacp, state.lacp),
    fact('LACP fallback to active-backup', state.lacpFallback === 'false', state.lacpFallback),
    fact('delay until a leg that is up is used', state.upDelay === '0 ms', state.upDelay),
    fact('delay until a leg that is down is left', state.downDelay === '0 ms', state.downDelay),
    ...state.members.map((member) =>
      fact(`member ${member.port}`, member.enabled, member.enabled ? 'enabled' : 'disabled'),
    ),
  ];
}
