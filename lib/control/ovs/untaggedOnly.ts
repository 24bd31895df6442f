import { ovsMutant } from './ovsMutant.js';

export const untaggedOnly = ovsMutant(
  'untagged-only',
  'Only senders whose frames leave without a tag are served.',
  ['missing'],
  { senders: (port) => port.tag === null && port.trunks.length === 0 },
);
