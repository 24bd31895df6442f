import { ovsMutant } from './ovsMutant.js';

export const groupAndNormal = ovsMutant('group-and-normal', 'The copies are sent and then the frame goes its normal way too.', ['duplicate'], { afterGroup: ['NORMAL'] });
