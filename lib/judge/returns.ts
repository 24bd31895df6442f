import { FIRST_CONTROL_ID } from '../wire/control.js';
import { KINDS } from '../wire/kinds.js';
import type { Probe, Tap } from '../evidence/types.js';
import type { TimeBase } from './clock.js';
import { macOf } from './macs.js';
import type { ProbeIndex } from './probeIndex.js';
import { readTap, type TapContents } from './tapReader.js';
import type { Finding } from './types.js';
import { plural, some } from './words.js';

export interface SenderWatch {
  readonly contents: TapContents;
  /** Indexes of probes that their own sender received again. */
  readonly returned: ReadonlySet<number>;
  readonly findings: readonly Finding[];
  readonly count: number;
  readonly unlisted: number;
}

/**
 * P5 at a sender's own NIC: nothing that it sent may come back in, and nothing of a network that it is not in.
 * @param mac the sender's
 * @param vlans whose frames it may hear, 0 = the native one; null = all
 */
export function watchSender(
  tap: Tap, chunks: Iterable<Uint8Array>, salt: number, base: TimeBase, index: ProbeIndex, probes: readonly Probe[], mac: number | null, vlans: ReadonlySet<number> | null,
): SenderWatch {
  const returned = new Set<number>();
  const strangers = new Map<string, { readonly from: string; readonly vlan: number; readonly probes: number[] }>();
  const byKind = new Map<number, { count: number; probes: Set<number> }>();
  let count = 0;
  let unlisted = 0;
  const contents = readTap(tap, chunks, salt, base, ({ token, found }) => {
    if (tap.direction !== 'in') return;
    const probe = token < 0 ? -1 : index.byToken(token);
    if (token >= 0 && token < FIRST_CONTROL_ID && probe < 0) unlisted++;
    const isOwn = (probe >= 0 && probes[probe]?.sender === tap.node) || (mac !== null && macOf(found.sourceHigh, found.sourceLow) === mac);
    if (!isOwn) {
      const stranger = probes[probe];
      const vlan = stranger?.wireTags[0]?.vid ?? 0;
      if (stranger === undefined || vlans === null || vlans.has(vlan)) return;
      const key = `${stranger.sender} ${vlan}`;
      const leak = strangers.get(key) ?? { from: stranger.sender, vlan, probes: [] };
      strangers.set(key, leak);
      leak.probes.push(stranger.id);
      return;
    }
    count++;
    const group = byKind.get(found.kind) ?? { count: 0, probes: new Set() };
    byKind.set(found.kind, group);
    group.count++;
    if (probe < 0) return;
    returned.add(probe);
    const id = probes[probe]?.id;
    if (id !== undefined) group.probes.add(id);
  });
  const findings = [...byKind].sort(([a], [b]) => a - b).map(([kind, group]): Finding => {
    const id = KINDS[kind]?.id ?? 'data-other';
    return {
      property: 'P5',
      signature: 'returned-to-sender',
      verdict: 'fail',
      kind: id,
      sender: tap.node,
      count: group.count,
      probes: [...group.probes].sort((a, b) => a - b),
      sentence: `${tap.node} received ${group.count} of its own ${plural(id)} again.`,
    };
  });
  for (const { from, vlan, probes: leaked } of strangers.values()) {
    findings.push({
      property: 'P5', signature: 'vlan-leak', verdict: 'fail', sender: from, count: leaked.length, probes: leaked.sort((a, b) => a - b),
      sentence: `${tap.node} received ${some(leaked.length, 'frame')} from ${from} ${vlan === 0 ? 'of the native network' : `of VLAN ${vlan}`}, which it is not in.`,
    });
  }
  return { contents, returned, findings, count, unlisted };
}
