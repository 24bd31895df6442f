import { byRules, LOSE, oneLeg, toLeaf } from 'everyleaf/extend';

/** Untagged ARP, operation 1, by raw offsets in bits. */
const REQUESTS = '@ll,96,16 0x0806 @ll,160,16 1';

export const loseRequests = byRules(
  { name: 'lose-requests', description: 'ARP requests never leave on the first leg.', mustFind: ['missing'] },
  (lab) => [toLeaf(lab, oneLeg(lab), [`${REQUESTS} ${LOSE}`])],
);
