import { ovsMutant } from './ovsMutant.js';

export const groupAndNormal = ovsMutant(
  'group-and-normal',
  'The copies are sent and the frame goes its normal way too.',
  ['duplicate'],
  { besides: () => ['NORMAL'] },
);
