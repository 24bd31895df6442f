import { edge } from './edge.js';
import type { FaultSite, FaultVerb } from './types.js';

/** Locally administered, and no system of any topology. */
const FOREIGN_SYSTEM = '02:00:00:ff:ff:fe';

const setSystem = ({ lab, host, leg }: FaultSite, system: string) =>
  edge(lab, async () => {
    await host.leaves.get(leg.leaf)?.vsctl(['set', 'port', leg.leafPort, `other_config:lacp-system-id="${system}"`]);
  });

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
  begin: (site) => setSystem(site, FOREIGN_SYSTEM),
  end: (site) => setSystem(site, site.lab.topology.lacp.systemId),
};
