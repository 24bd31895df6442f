import type { CertifiedTaps } from '../read/labTaps.js';
import { macNumber, macText } from '../read/macs.js';
import type { Sender } from '../tell/claim.js';
import { senderText } from '../tell/sentences.js';
import { some } from '../tell/phrasing.js';
import type { Finding } from '../types.js';

/** P5 by MAC: no frame with the MAC of a gateway, of a leaf's port, or of a sender of another host may come to a leaf. */
export function reflectionFindings(
  { leaves: watches, valid }: CertifiedTaps,
  leaves: readonly string[],
  senders: readonly Sender[],
): Finding[] {
  const whose = (mac: number) => senders.find((one) => one.mac !== null && macNumber(one.mac) === mac);
  return watches.flatMap((watch, at) => {
    const leaf = leaves[at] ?? '';
    if (watch === null || valid[at] !== true) return [];
    return [...watch.reflected]
      .sort(([a], [b]) => a - b)
      .map(([mac, count]): Finding => {
        const sender = whose(mac);
        return {
          property: 'P5',
          signature: 'reflection',
          verdict: 'fail',
          leaf,
          ...(sender === undefined ? {} : { sender: sender.name }),
          count,
          probes: [],
          sentence:
            sender === undefined
              ? `${leaf} received ${some(count, 'frame')} with the MAC ${macText(mac)} of a leaf itself: what a leaf sends may never reach a leaf again.`
              : `${leaf} received ${some(count, 'frame')} of ${senderText(sender)}, which is on another host, from this one: it has that MAC behind its port to this host now.`,
        };
      });
  });
}
