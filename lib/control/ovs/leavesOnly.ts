import { ovsMutant } from './ovsMutant.js';

/** Flows that do nothing but copy, as recipes are often written: of two VMs on one host neither ever hears the other ask. */
export const leavesOnly = ovsMutant(
  'leaves-only',
  'Every leaf has its copy, and the other senders on the host have none.',
  ['missing-on-host'],
  { onHost: () => [] },
);
