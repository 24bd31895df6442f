import { NEIGHBOR_KINDS, rows } from '../rows.js';
import type { Profile } from '../types.js';

export const sonicDualTor: Profile = {
  name: 'sonic-dual-tor',
  title: 'SONiC dual-ToR server',
  source: 'SONiC dual-ToR documents and the tests of sonic-mgmt; what is unknown there is not judged here',
  duties: {
    ...rows(NEIGHBOR_KINDS, { untagged: 'replicated', tagged: 'unjudged', qinq: 'unjudged' }),
    rs: { untagged: 'replicated', tagged: 'unjudged', qinq: 'unjudged' },
    'mld-report': 'single',
    'ns-ext-header': 'unjudged',
  },
  // The state of the link probes counts, not the carrier.
  deadLegMustBeSilent: false,
};
