import type { Fault, NoArguments } from './fault.js';
import { leafAt } from './leafAt.js';

export const splitSystemId: Fault<NoArguments> = {
  name: 'splitSystemId',
  undoName: 'joinSystemId',
  title: 'the leaf says another LACP system id than the others',
  undoTitle: 'all leaves say the same LACP system id',
  pastTense: 'with another LACP system id',
  whatATechnicianSees:
    'All link lights are on and LACP is up on every leg, but the host uses one leg only: it sees different partners, and an aggregator has one partner. One leaf was configured with another system ID.',
  bond: 'splits',
  waitsFor: 'nothing',
  defaults: {},
  plan: (site) => leafAt(site).splitSystemId,
  effects: ({ leg }) => ({
    begin: [{ type: 'partner', leg: leg.name, state: 'split' }],
    end: [{ type: 'partner', leg: leg.name, state: 'speaking' }],
  }),
};
