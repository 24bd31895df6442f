import { ovsMutant } from './ovsMutant.js';

/** The U/L bit (IEEE 802, 8.2); a NIC that was handed through to a VM has its maker's address. */
export const localMacsOnly = ovsMutant(
  'local-macs-only',
  'Only frames with a locally administered MAC, as managers of VMs give them out, are copied.',
  ['missing'],
  {
    only: () => ',dl_src=02:00:00:00:00:00/02:00:00:00:00:00',
  },
);
