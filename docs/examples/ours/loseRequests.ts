import { byRules, LOSE, oneLeg, toLeaf } from 'everyleaf/extend';

/** ARP without a tag, operation 1, by raw offsets in bits: what leaves on the first leg is lost like on a wire. */
const REQUESTS = '@ll,96,16 0x0806 @ll,160,16 1';

export const loseRequests = byRules(
  { name: 'lose-requests', description: 'ARP requests never leave on the first leg.', mustFind: ['missing'] },
  (lab) => [toLeaf(lab, oneLeg(lab), [`${REQUESTS} ${LOSE}`])],
);
