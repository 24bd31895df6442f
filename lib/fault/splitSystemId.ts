import { need } from '../testbed/capability.js';
import { edge } from './edge.js';
import { leafAt, takeSteps } from './steps.js';
import type { FaultVerb } from './types.js';

export const splitSystemId: FaultVerb = {
  name: 'splitSystemId',
  undoName: 'joinSystemId',
  title: 'the leaf says another LACP system id than the others',
  undoTitle: 'all leaves say the same LACP system id',
  whatATechnicianSees:
    'All link lights are on and LACP is up on every leg, but the host uses one leg only: to it the leaves are different partners, and an aggregator has one partner. One leaf was set up with another system id.',
  bondLeaves: 'never',
  changes: ({ leg }) => ({
    begin: [{ type: 'partner', leg: leg.name, state: 'split', verb: 'splitSystemId' }],
    end: [{ type: 'partner', leg: leg.name, state: 'speaking', verb: 'joinSystemId' }],
  }),
  lacking: (site) => {
    const { splitSystemId } = leafAt(site);
    return Promise.resolve(splitSystemId.ok ? null : splitSystemId.lack);
  },
  begin: (site) => edge(site.lab, () => takeSteps(site, need(leafAt(site).splitSystemId).steps)),
  end: (site) => edge(site.lab, () => takeSteps(site, need(leafAt(site).splitSystemId).undo)),
};
