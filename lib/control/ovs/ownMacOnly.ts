import { ovsMutant } from './ovsMutant.js';

/** As port security is written; a virtual router's address or a nested guest is forgotten. */
export const ownMacOnly = ovsMutant(
  'own-mac-only',
  'Only frames with the MAC that was given to the port are copied.',
  ['missing'],
  { only: ({ mac }) => (mac === null ? '' : `,dl_src=${mac}`) },
);
