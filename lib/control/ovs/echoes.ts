import { ovsMutant } from './ovsMutant.js';

/** A VM that hears its own duplicate address detection gives its address up (RFC 4862 5.4.3). */
export const echoes = ovsMutant(
  'echoes',
  'A copy of each neighbor frame goes back to the port that it came from.',
  ['returned-to-sender'],
  { besides: () => ['IN_PORT'] },
);
