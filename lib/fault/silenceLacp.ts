import type { FaultVerb } from './types.js';
import { addRules, lackingRules, removeRules } from './wireRules.js';

const DIRECTIONS = ['to-leaf', 'to-host'] as const;

export const silenceLacp: FaultVerb = {
  name: 'silenceLacp',
  undoName: 'unsilenceLacp',
  title: "the partner's LACP is dead, the carrier is not",
  undoTitle: 'LACP is heard again',
  whatATechnicianSees:
    'The link lights stay on and data still flows at first. LACPDUs stop; after 3 s (fast rate; 90 s with the slow rate, IEEE 802.1AX 6.4.4) both sides take the port out of the aggregator.',
  bondLeaves: 'after the LACP timeout',
  changes: ({ leg }) => ({
    begin: [{ type: 'partner', leg: leg.name, state: 'silent', verb: 'silenceLacp' }],
    end: [{ type: 'partner', leg: leg.name, state: 'speaking', verb: 'unsilenceLacp' }],
  }),
  // Slow protocols (IEEE 802.3 annex 57A).
  begin: (site) => addRules('silenceLacp', site, DIRECTIONS, 'ether type 0x8809 drop'),
  end: (site) => removeRules('silenceLacp', site, DIRECTIONS),
  lacking: (site) => lackingRules('silenceLacp', site, 'ether type 0x8809 drop'),
};
