import { FIRST_CONTROL_ID } from '../wire/control.js';
import { KINDS } from '../wire/kinds.js';
import type { Probe, Tap } from '../evidence/types.js';
import type { TimeBase } from './clock.js';
import { macOf } from './macs.js';
import type { ProbeIndex } from './probeIndex.js';
import { readTap, type TapContents } from './tapReader.js';
import type { Finding } from './types.js';
import { plural } from './words.js';

export interface SenderWatch {
  readonly contents: TapContents;
  /** Indexes of probes that their own sender received again. */
  readonly returned: ReadonlySet<number>;
  readonly findings: readonly Finding[];
  readonly count: number;
  readonly unlisted: number;
}

/** P5 at a sender's own NIC: nothing that it sent may come back in. `mac` is the sender's. */
export function watchSender(tap: Tap, chunks: Iterable<Uint8Array>, salt: number, base: TimeBase, index: ProbeIndex, probes: readonly Probe[], mac: number | null): SenderWatch {
  const returned = new Set<number>();
  const byKind = new Map<number, { count: number; probes: Set<number> }>();
  let count = 0;
  let unlisted = 0;
  const contents = readTap(tap, chunks, salt, base, ({ token, found }) => {
    if (tap.direction !== 'in') return;
    const probe = token < 0 ? -1 : index.byToken(token);
    if (token >= 0 && token < FIRST_CONTROL_ID && probe < 0) unlisted++;
    const isOwn = (probe >= 0 && probes[probe]?.sender === tap.node) || (mac !== null && macOf(found.sourceHigh, found.sourceLow) === mac);
    if (!isOwn) return;
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
  return { contents, returned, findings, count, unlisted };
}
