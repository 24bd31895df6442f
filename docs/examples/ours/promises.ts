import type { Profile } from 'everyleaf/extend';

export const promises: Profile = {
  name: 'promises',
  title: 'Every ARP, NS and NA once on every leaf, all else once in all',
  source: 'legCopies.ts: one copy for each other leg, made by the kernel that also sends the first',
  // A kind without a row has the duty from the catalogue of kinds: ARP, NS and NA are replicated.
  duties: { 'na-unsolicited': { untagged: 'replicated', tagged: 'replicated' } },
  // A leg without carrier is handed copies, too, and the kernel drops them.
  deadLegMustBeSilent: false,
  deliversOnHost: true,
};
