import type { Profile } from 'everyleaf/extend';

export const promises: Profile = {
  name: 'promises',
  title: 'Every ARP, NS and NA once on every leaf, all else once in all',
  source: 'legCopies.ts: one copy for each other leg, made by the kernel that also sends the first',
  // A kind without a row has what the catalogue of kinds says: ARP, NS and NA are replicated.
  duties: { 'na-unsolicited': { untagged: 'replicated', tagged: 'replicated' } },
  // A copy for a leg without carrier is handed over, too, and the kernel drops it there.
  deadLegMustBeSilent: false,
  deliversOnHost: true,
};
